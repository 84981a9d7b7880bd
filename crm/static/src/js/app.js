import { startComboboxes } from "./combobox.js";
import { startDrafts } from "./draft.js";
import { startFocus } from "./focus.js";
import { startKeys } from "./keys.js";
import { startKind } from "./kind.js";
import { startRows } from "./rows.js";
import { startSending } from "./sending.js";
import { startSession } from "./session.js";
import { startSwap } from "./swap.js";

startComboboxes();
startRows();
startKind();
startKeys();
startSwap();
startDrafts();
startSending();
startSession();
startFocus();
