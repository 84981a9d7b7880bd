/* What runs on every page: each behaviour is started once and looks for its own marks. */
import { startComboboxes } from "./combobox.js";
import { startCursor } from "./cursor.js";
import { startDrafts } from "./draft.js";
import { startDrop } from "./drop.js";
import { startFocus } from "./focus.js";
import { startHelp } from "./help.js";
import { startJumps } from "./jumps.js";
import { startKeys } from "./keys.js";
import { startKind } from "./kind.js";
import { startKnown } from "./known.js";
import { startMaps } from "./map.js";
import { startNaming } from "./naming.js";
import { startNearby } from "./nearby.js";
import { startPalette } from "./palette.js";
import { startPatterns } from "./pattern.js";
import { startPicks } from "./picks.js";
import { startPreview } from "./preview.js";
import { startPrinting } from "./print.js";
import { startProgress } from "./progress.js";
import { startQuick } from "./quick.js";
import { startRows } from "./rows.js";
import { startSending } from "./sending.js";
import { startSession } from "./session.js";
import { startSwap } from "./swap.js";
import { startTicks } from "./tick.js";
import { startUploads } from "./upload.js";

document.documentElement.dataset.script = "on";
startComboboxes();
startRows();
startKind();
startKnown();
startNaming();
startNearby();
startMaps();
// Before the keys: it takes Ctrl+K and / from the field in the head.
startPalette();
startQuick();
// Before the keys as well: the letter after G leads somewhere.
startJumps();
startKeys();
startHelp();
startCursor();
startPreview();
startPicks();
startSwap();
startTicks();
startDrafts();
startSending();
// After the sending: what that holds back is not sent here either.
startUploads();
startDrop();
startSession();
startPatterns();
startPrinting();
startProgress();
startFocus();
