"""What people say in the demo data. All of it is invented; only the places are real."""

from dataclasses import dataclass

from crm.consultations.models import ConsultationKind

K = ConsultationKind


@dataclass(frozen=True)
class Topic:
    """A shared task and what is talked about on the way to it: (note, agreement, next step) for every stage."""

    field: str
    stages: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Stage:
    """What kind of talk belongs to a stage, and how it is usually held."""

    kind: ConsultationKind
    channels: tuple[str, ...]
    minutes: int


STAGES = (
    Stage(K.INITIATION, ("on-site", "on-site", "video"), 90),
    Stage(K.GROUP, ("on-site", "video"), 120),
    Stage(K.SINGLE, ("phone", "phone", "video"), 30),
    Stage(K.GROUP, ("video", "on-site"), 90),
    Stage(K.COMMITTEE, ("on-site",), 75),
    Stage(K.COUNCIL, ("on-site",), 60),
    Stage(K.GROUP, ("on-site", "video"), 105),
)

TOPICS = (
    Topic("Bauhof", (
        ("{a} sucht Partner für einen gemeinsamen Bauhof. Zwei Leitungsstellen werden in den nächsten Jahren frei, "
         "die Halle in {a} ist zu klein. {b} hat einen Neubau geplant und könnte die Fläche teilen.",
         "Alle stellen bis zum nächsten Termin Personal, Fahrzeuge und Hallenflächen zusammen.",
         "Bestandslisten einsammeln"),
        ("Die Bestandslisten wurden verglichen. Bei Großgeräten gibt es die meisten Überschneidungen:\n\n"
         "- drei Kehrmaschinen, ausgelastet zu einem Drittel\n- vier Traktoren gleicher Bauart\n\n"
         "Beim Winterdienst bestehen Bedenken wegen der Anfahrtszeiten.",
         "Der Winterdienst bleibt zunächst örtlich. Für Großgeräte wird ein gemeinsamer Einsatzplan entworfen.",
         "Entwurf des Einsatzplans verschicken"),
        ("{c} fragt, ob die Personalvertretung schon beteiligt werden muss. Antwort: frühzeitig und förmlich, sobald "
         "sich der Arbeitsort ändern kann.",
         "Muster für die Beteiligung wird zugeschickt.", "Muster schicken"),
        ("Die Kostentabelle liegt vor. Ersparnis rund 17 Prozent im dritten Jahr, wenn Ersatzbeschaffungen gemeinsam "
         "laufen. Offen ist die Verrechnung der Stunden.",
         "Verrechnung nach Einsatzstunden, Jahresabschluss durch {a}.", "Vertragsentwurf erstellen"),
        ("Der Haupt- und Finanzausschuss fragt nach Stellenabbau. Es geht um die Nachbesetzung, nicht um Kündigungen.",
         "Empfehlung an die Vertretung mit großer Mehrheit.", "Fragenkatalog beantworten"),
        ("Die Vertretung stimmt der öffentlich-rechtlichen Vereinbarung zu.",
         "Unterzeichnung nach dem letzten Beschluss der Partner.", "Beschlussauszug anfordern"),
        ("Erster Erfahrungsbericht: Die gemeinsame Werkstatt läuft, der Einsatzplan wird wöchentlich abgestimmt.",
         "Nach zwölf Monaten wird die Abrechnung gemeinsam geprüft.", "Termin für die Bilanz abstimmen"),
    )),
    Topic("Standesamt", (
        ("In {a} geht die einzige Standesbeamtin im Sommer in den Ruhestand. {b} kann Vertretung leisten, "
         "aber nicht auf Dauer.",
         "Prüfung eines gemeinsamen Standesamtsbezirks mit Sitz in {b}.", "Fallzahlen der letzten drei Jahre erheben"),
        ("Die Fallzahlen liegen vor: zusammen rund 410 Beurkundungen im Jahr. Trauzimmer sollen in allen Orten bleiben.",
         "Trauungen weiterhin vor Ort, Beurkundung zentral.", "Raumfrage mit {b} klären"),
        ("{c} fragt nach der Förderfähigkeit. Hinweis: Standesämter sind als Einzelmaßnahme nicht förderfähig.",
         "Kein Antrag für diesen Teil; mögliche Verbindung mit dem Bürgerbüro wird geprüft.", "Rückruf mit {c}"),
        ("Entwurf der Vereinbarung besprochen. Kostenteilung nach Einwohnerzahl ist unstrittig.",
         "Kündigungsfrist zwei Jahre.", "Aufsicht vorab einbinden"),
        ("Der Ausschuss möchte wissen, wie lange die Wege für Angehörige bei Sterbefällen werden.",
         "Digitale Anzeige durch die Bestattungsunternehmen wird ausprobiert.", "Probelauf vorbereiten"),
        ("Beschluss gefasst, eine Enthaltung.", "Start zum Jahreswechsel.", "Beschlussauszug anfordern"),
        ("Das gemeinsame Standesamt arbeitet seit einem Quartal. Die Vertretung ist jetzt gesichert.",
         "Öffnungszeiten werden nach einem Jahr überprüft.", "Erfahrungsbericht einholen"),
    )),
    Topic("Informationssicherheit", (
        ("Nach dem Vorfall bei einer Nachbarkommune wollen {a}, {b} und {c} eine gemeinsame Stelle für "
         "Informationssicherheit schaffen.",
         "Anforderungsprofil wird gemeinsam geschrieben.", "Profil anderer Verbünde beschaffen"),
        ("Vorgestellt wurden zwei Wege: eigene Stelle bei einer Kommune oder Auftrag an einen Dienstleister. "
         "Die Gruppe neigt zur eigenen Stelle.",
         "{b} stellt an, die anderen erstatten nach Einwohnern.", "Stellenbewertung klären"),
        ("{a} hat Fragen zur Haftung der gemeinsamen Stelle.",
         "Die Verantwortung bleibt bei jeder Kommune; Textbaustein folgt.", "Textbaustein schicken"),
        ("Der Förderantrag ist in Arbeit. Es fehlt noch die Kostenschätzung von {c}.",
         "Abgabe über den Landkreis bis Quartalsende.", "Kostenschätzung anfragen"),
        ("Der Ausschuss sieht den Bedarf und fragt nach der Erreichbarkeit im Notfall.",
         "Rufbereitschaft wird gesondert geregelt.", "Regelung der Rufbereitschaft entwerfen"),
        ("Einstimmiger Beschluss.", "Ausschreibung im nächsten Monat.", "Ausschreibungstext abstimmen"),
        ("Die Stelle ist besetzt. Der erste gemeinsame Notfallplan liegt im Entwurf vor.",
         "Übung im Herbst.", "Termin der Übung festlegen"),
    )),
    Topic("Zusammenlegung von Feuerwehren", (
        ("Zwei Ortsteilwehren in {a} erreichen tagsüber die Hilfsfrist nicht mehr. Angedacht ist ein gemeinsames "
         "Haus an der Gemeindegrenze zu {b}.",
         "Die Wehrführungen werden vor der Politik eingebunden.", "Gespräch mit den Wehrführungen vorbereiten"),
        ("Die Wehrführungen sind offen, die Vereine sorgen sich um ihre Eigenständigkeit. Ausrückezeiten wurden an "
         "sechs Standorten gerechnet.",
         "Zwei Standorte werden weiter untersucht.", "Gutachten zum Standort einholen"),
        ("Rückfrage zur Förderung der Zusammenlegung innerhalb einer Kommune.",
         "Einzelfall, Begründung erforderlich.", "Voraussetzungen schriftlich mitteilen"),
        ("Das Gutachten empfiehlt den Standort an der Landesstraße. {c} beteiligt sich an der Drehleiter.",
         "Kosten der Drehleiter nach Einsätzen.", "Kostenverteilung rechnen"),
        ("Lange Aussprache, zwei Fraktionen möchten eine Bürgerversammlung abwarten.",
         "Vertagt auf die nächste Sitzung.", "Bürgerversammlung vorbereiten"),
        ("Grundsatzbeschluss mit knapper Mehrheit.", "Planung wird beauftragt.", "Beschlussauszug anfordern"),
        ("Das Raumprogramm ist abgestimmt.", "Antrag auf Förderung des Baus im nächsten Programmjahr.",
         "Antragsunterlagen zusammenstellen"),
    )),
    Topic("Personalverwaltung", (
        ("{a} findet keine Nachfolge für die Personalsachbearbeitung. {b} arbeitet mit demselben Verfahren.",
         "Vergleich der Aufgaben, Beginn mit der Lohnabrechnung.", "Aufgabenlisten vergleichen"),
        ("Die Verfahren stimmen überein, die Tarifpraxis weicht bei den Zulagen ab.",
         "Zulagen werden vor dem Start angeglichen.", "Liste der Zulagen anfordern"),
        ("Frage zum Datenschutz bei der gemeinsamen Personalakte.",
         "Auftragsverarbeitung genügt nicht, Vereinbarung mit Aufgabenübertragung.", "Muster schicken"),
        ("Die Wirtschaftlichkeit ist gerechnet: rund 16 Prozent weniger Aufwand im zweiten Jahr.",
         "Stelle wird bei {b} eingerichtet.", "Stellenplan abstimmen"),
        ("Der Ausschuss begrüßt das Vorhaben und bittet um einen Bericht nach einem Jahr.",
         "Bericht wird zugesagt.", "Berichtstermin vormerken"),
        ("Zustimmung ohne Gegenstimme.", "Übergang zum Monatsersten.", "Beschlussauszug anfordern"),
        ("Die Umstellung ist abgeschlossen. Rückfragen der Beschäftigten nehmen ab.",
         "Sprechstunde vor Ort einmal im Monat.", "Bilanz nach einem Jahr"),
    )),
    Topic("Wärmeplanung", (
        ("{a}, {b} und weitere Nachbarn wollen die Wärmeplanung gemeinsam vergeben.",
         "Federführung {a}.", "Leistungsbeschreibung beschaffen"),
        ("Die Leistungsbeschreibung wurde Punkt für Punkt besprochen. Streitpunkt ist der Zuschnitt der Gebiete.",
         "Ein Los je Kommune, eine gemeinsame Vergabe.", "Vergabeunterlagen prüfen lassen"),
        ("{b} fragt, ob vorhandene Energiekonzepte angerechnet werden.",
         "Ja, als Datengrundlage.", "Konzept anfordern"),
        ("Drei Angebote liegen vor, das günstigste ist vollständig.",
         "Zuschlag nach den Beschlüssen.", "Vergabevermerk abwarten"),
        ("Der Umweltausschuss lässt sich den Ablauf vorstellen.",
         "Zwischenstand im Frühjahr öffentlich.", "Präsentation aktualisieren"),
        ("Beschluss gefasst.", "Auftrag wird erteilt.", "Beschlussauszug anfordern"),
        ("Zwischenstand der Bestandsaufnahme. Daten der Schornsteinfeger fehlen noch aus zwei Orten.",
         "Gemeinsames Schreiben an die Bezirke.", "Schreiben entwerfen"),
    )),
    Topic("Tourismus", (
        ("Der Radweg entlang der alten Bahn verbindet alle Beteiligten. {a} schlägt eine gemeinsame Arbeitsgruppe vor.",
         "Je Kommune eine benannte Person.", "Benennungen einsammeln"),
        ("Die Beschilderung ist uneinheitlich, drei Rastplätze sind in schlechtem Zustand.",
         "Gemeinsame Beschaffung von Schildern.", "Angebote einholen"),
        ("{c} möchte die Kosten für Prospekte deckeln.", "Obergrenze im ersten Jahr.", "Kostenrahmen schicken"),
        ("Der Entwurf der gemeinsamen Karte liegt vor.", "Druck nach Freigabe durch alle.", "Freigaben einholen"),
        ("Der Ausschuss wünscht eine Abstimmung mit dem Landkreis.", "Termin mit der Wirtschaftsförderung.",
         "Termin vereinbaren"),
        ("Beschluss über den gemeinsamen Beitrag.", "Beitrag für drei Jahre.", "Beschlussauszug anfordern"),
        ("Die Karte ist erschienen, die Rückmeldungen sind gut.", "Neuauflage in zwei Jahren.", "Restbestand abfragen"),
    )),
    Topic("Finanzverwaltung", (
        ("{a} und {b} haben Rückstände bei den Jahresabschlüssen und wollen sich gegenseitig vertreten.",
         "Bestandsaufnahme durch beide Kämmereien.", "Stand der Abschlüsse erheben"),
        ("Eine gemeinsame Kasse ist schneller erreichbar als eine gemeinsame Kämmerei.",
         "Beginn mit Kasse und Vollstreckung.", "Mengengerüst anfordern"),
        ("Frage zur Unterschriftsbefugnis in der gemeinsamen Kasse.", "Regelung in der Dienstanweisung.",
         "Beispiel einer Dienstanweisung schicken"),
        ("Die Softwarefrage ist geklärt, alle arbeiten künftig mit demselben Mandanten.",
         "Umstellung zum Jahreswechsel.", "Zeitplan der Umstellung abfragen"),
        ("Der Ausschuss fragt nach den Kosten der Umstellung.", "Aufstellung wird nachgereicht.",
         "Aufstellung nachreichen"),
        ("Beschluss mit zwei Gegenstimmen.", "Vereinbarung wird unterzeichnet.", "Beschlussauszug anfordern"),
        ("Die gemeinsame Kasse arbeitet. Mahnläufe sind zusammengelegt.", "Abrechnung halbjährlich.",
         "Erste Abrechnung ansehen"),
    )),
)  # fmt: skip

CALLS = (
    "Kurze Rückfrage zur Rahmenvereinbarung. Zwei Partner reichen nur mit schriftlicher Begründung.",
    "Bittet um Beispiele gemeinsamer Ordnungsbehörden mit ähnlicher Einwohnerzahl.",
    "Fragt nach dem Stand des Förderantrags. Die Unterlagen liegen beim Regierungspräsidium.",
    "Möchte wissen, ob eine Verlängerung der Vereinbarung neu angezeigt werden muss.",
    "Neue Leitung im Haus, stellt sich vor und bittet um eine Übersicht der laufenden Vorhaben.",
    "Hinweis auf den Wegfall eines Partners. Die Gruppe will zu zweit weitermachen.",
    "Terminabsprache für die nächste Runde, Vorschläge kommen per E-Mail.",
    "Fragt nach Erfahrungen mit gemeinsamer Beschaffung von Atemschutzgeräten.",
)

PRIVATE = (
    "Intern noch keine Mehrheit, bitte nicht drängen.",
    "Die Kämmerei rechnet mit Gegenwind aus dem Personalrat.",
    "Würde auch ohne die anderen mit einem Nachbarn allein beginnen.",
    "Wechsel in der Leitung steht bevor, noch nicht öffentlich.",
    "Sieht die Federführung lieber bei sich.",
)

WAITING = ("Rückmeldung der Kämmerei", "Beschluss der Vertretung", "Unterlagen vom Landkreis", "Angebot des Büros")

WOMEN = (
    "Petra", "Sabine", "Anke", "Claudia", "Ilse", "Birgit", "Katrin", "Heike", "Nicole", "Melanie", "Ayşe", "Lena",
)  # fmt: skip
MEN = (
    "Thomas", "Jürgen", "Stefan", "Holger", "Bernd", "Markus", "Uwe", "Frank", "Dirk", "Jan", "Mehmet", "Philipp",
)  # fmt: skip
NAMES = (
    "Henkel", "Rupp", "Döring", "Ziegler", "Grebe", "Lotz", "Hofmann", "Seibert", "Opper", "Kraft", "Schäfer",
    "Weigand", "Bechtel", "Nau", "Damm", "Schütz", "Wagner", "Heuser", "Wicke", "Michel", "Trapp", "Eckhardt",
    "Yıldız", "von der Au", "Kuhn", "Peil", "Stöhr", "Groß", "Möller", "Preis", "Naumann", "Löwer",
)  # fmt: skip
