"""German, by the English words of the code. Names of systems and of Blender's own things stay as they are known."""

LAYOUT = {
    "Boxes": "Boxen",
    "Add Box": "Box hinzufügen",
    "Layout Box": "Layout-Box",
    "Custom": "Eigene",
    "From Selection": "Aus Auswahl",
    "Add Layout Box": "Layout-Box hinzufügen",
    "Add a layout box of real size at the 3D cursor": "Eine Layout-Box in wirklicher Größe am 3D-Cursor hinzufügen",
    "Preset": "Vorgabe",
    "Prompt": "Beschreibung",
    "What the box is; empty takes the preset's words": "Was die Box ist; leer nimmt die Worte der Vorgabe",
    "Add Box from Selection": "Box aus Auswahl hinzufügen",
    "Add a layout box around the bounds of the selected objects": (
        "Eine Layout-Box um die ausgewählten Objekte hinzufügen"
    ),
    "Draw": "Zeichnen",
    "Select All Boxes": "Alle Boxen auswählen",
    "Select all layout boxes, and nothing else": "Alle Layout-Boxen auswählen, und nichts sonst",
    "Layout Boxes": "Layout-Boxen",
    "Frame the Boxes": "Boxen ins Bild nehmen",
    "Move the camera along its view until it sees all boxes; adds a camera where there is none": (
        "Die Kamera in Blickrichtung bewegen, bis sie alle Boxen sieht; fügt eine hinzu, wo keine ist"
    ),
    "Toggle Boxes and Results": "Boxen und Ergebnisse wechseln",
    "Show boxes and results, only the boxes, or only the results": (
        "Boxen und Ergebnisse zeigen, nur die Boxen oder nur die Ergebnisse"
    ),
    "Load Example": "Beispiel laden",
    "Open a finished layout of boxes with prompts and a camera": (
        "Ein fertiges Layout aus Boxen mit Beschreibungen und Kamera öffnen"
    ),
    "Example": "Beispiel",
    "In a New Scene": "In einer neuen Szene",
    "Leaves the objects of the current scene alone": "Lässt die Objekte der jetzigen Szene in Ruhe",
    "Import SeeThrough3D Scene": "SeeThrough3D-Szene importieren",
    "SeeThrough3D Scene": "SeeThrough3D-Szene",
    "SeeThrough3D Scene (.pkl)": "SeeThrough3D-Szene (.pkl)",
    "Open a scene that SeeThrough3D has saved (.pkl): boxes, prompts, camera and settings. No code in it is run": (
        "Eine Szene öffnen, die SeeThrough3D gesichert hat (.pkl): Boxen, Beschreibungen, Kamera und Einstellungen. "
        "Kein Code darin wird ausgeführt"
    ),
    "Metres per Unit": "Meter je Einheit",
    "How long SeeThrough3D's unit is": "Wie lang die Einheit von SeeThrough3D ist",
    "{} is too large to be a saved scene": "{} ist zu groß für eine gesicherte Szene",
    "{} cannot be read: {}": "{} kann nicht gelesen werden: {}",
    "Draw Layout Box": "Layout-Box zeichnen",
    "Drag the footprint of a layout box on the floor, then pull its height. A click places it in its real size": (
        "Die Grundfläche einer Layout-Box auf dem Boden aufziehen, dann ihre Höhe. Ein Klick setzt sie in "
        "wirklicher Größe"
    ),
    "On": "Auf",
    "What the box stands on": "Worauf die Box steht",
    "Surface": "Oberfläche",
    "The level surface under the mouse, or the floor": "Die waagerechte Fläche unter der Maus, sonst der Boden",
    "Floor": "Boden",
    "The plane at height 0": "Die Ebene in Höhe 0",
    "Cursor": "Cursor",
    "The level plane through the 3D cursor": "Die waagerechte Ebene durch den 3D-Cursor",
    "Pull Face": "Fläche ziehen",
    "Pull one face of the active box; the opposite face stays where it is": (
        "Eine Fläche der aktiven Box ziehen; die Fläche gegenüber bleibt, wo sie ist"
    ),
    "Face": "Fläche",
    "Left": "Links",
    "The face at -X": "Die Fläche bei -X",
    "Right": "Rechts",
    "The face at +X": "Die Fläche bei +X",
    "Front": "Vorne",
    "The face at -Y": "Die Fläche bei -Y",
    "Back": "Hinten",
    "The face at +Y": "Die Fläche bei +Y",
    "The face that the box stands on": "Die Fläche, auf der die Box steht",
    "Top": "Oben",
    "The lid": "Der Deckel",
    "Distance": "Abstand",
    "Outwards, in scene units": "Nach außen, in Einheiten der Szene",
    "Harmonise Sizes": "Größen angleichen",
    "Give all boxes whose words name a thing of known size their true sizes, so that a dog is smaller than a bus": (
        "Allen Boxen, deren Worte ein Ding bekannter Größe nennen, die wahre Größe geben, damit ein Hund kleiner ist "
        "als ein Bus"
    ),
    "Only Selected": "Nur ausgewählte",
    "Leave boxes that are not selected alone": "Boxen, die nicht ausgewählt sind, in Ruhe lassen",
    "To": "Auf",
    "Metres": "Meter",
    "The size of the real thing": "Die Größe des wirklichen Dings",
    "Largest": "Größtes",
    "The largest thing keeps its length; the others follow": "Das größte Ding behält seine Länge; die anderen folgen",
    "On the Floor": "Auf den Boden",
    "Put them down to height 0": "Sie auf Höhe 0 stellen",
    "Resize to Preset": "Größe der Vorgabe",
    "Give the selected boxes the real size of a thing; their floors stay where they are": (
        "Den ausgewählten Boxen die wirkliche Größe eines Dings geben; ihr Boden bleibt, wo er ist"
    ),
    "Take the Words": "Worte übernehmen",
    "Write the preset's words into empty prompts": "Die Worte der Vorgabe in leere Beschreibungen schreiben",
    "Copy Prompt to Selected": "Beschreibung auf Auswahl kopieren",
    "Copy the prompt of the active box to the other selected boxes": (
        "Die Beschreibung der aktiven Box auf die anderen ausgewählten Boxen kopieren"
    ),
    "The live condition cannot be drawn here: use Exact Condition.": (
        "Die Vorlage kann hier nicht live gezeichnet werden: Genaue Vorlage benutzen."
    ),
    "Edit Prompt": "Beschreibung schreiben",
    "Write what the active box is": "Schreiben, was die aktive Box ist",
    "Straighten": "Geraderichten",
    "Give the selected boxes positive sizes and square corners, so that they can be generated": (
        "Den ausgewählten Boxen positive Größen und rechte Winkel geben, damit sie gemacht werden können"
    ),
    "Upright": "Aufrecht",
    "Also stand tilted boxes upright": "Gekippte Boxen auch aufrichten",
    "Stand Upright": "Aufrichten",
    "Put on the Floor": "Auf den Boden stellen",
    "Put the selected boxes down, or up, to height 0": "Die ausgewählten Boxen auf Höhe 0 setzen",
    "Make Boxes of the Array": "Boxen aus der Reihe machen",
    "Make a box of every copy that the array of the active box makes; they share one generation": (
        "Aus jeder Kopie, die die Reihe der aktiven Box macht, eine Box machen; sie teilen ein Ergebnis"
    ),
    "Select a layout box with an Array modifier": "Eine Layout-Box mit einem Array-Modifikator auswählen",
    "{} boxes, one generation": "{} Boxen, ein Ergebnis",
    "Its modifiers make copies: only the first is generated": (
        "Ihre Modifikatoren machen Kopien: nur die erste wird gemacht"
    ),
    "Share One Generation": "Ein Ergebnis teilen",
    "Let the selected boxes be the same thing as the active one: it is made once and stands in all of them": (
        "Die ausgewählten Boxen sind dasselbe wie die aktive: es wird einmal gemacht und steht in allen"
    ),
    "Bring the Shared Asset": "Geteiltes Ergebnis holen",
    "Put the asset of the box that this one is the same as into it": (
        "Das Ergebnis der Box, mit der diese gleich ist, hineinstellen"
    ),
    "Own Seed": "Eigener Wert",
    "Size": "Größe",
    "Box": "Box",
    "A layout box": "Eine Layout-Box",
    "What the box is: the thing, its material, its colour": "Was die Box ist: das Ding, sein Material, seine Farbe",
    "Kind": "Art",
    "Fixes the kind of object; empty reads it from the prompt": (
        "Legt die Art des Objekts fest; leer wird sie aus der Beschreibung gelesen"
    ),
    "Generator": "Generator",
    "Who makes the mesh of this box": "Wer das Mesh dieser Box macht",
    "Off: the seed follows from the scene's seed and from which box it is": (
        "Aus: der Startwert folgt aus dem der Szene und daraus, welche Box es ist"
    ),
    "Seed": "Startwert",
    "The same seed gives the same result": "Derselbe Startwert gibt dasselbe Ergebnis",
    "Locked": "Gesperrt",
    "Kept as it is when the whole scene is generated again": (
        "Bleibt, wie sie ist, wenn die ganze Szene noch einmal erzeugt wird"
    ),
    "Same As": "Gleich wie",
    "Takes the asset of that box instead of one of its own: one generation for many copies": (
        "Nimmt das Ergebnis jener Box statt eines eigenen: einmal erzeugen für viele Kopien"
    ),
    "Active Box": "Aktive Box",
}

GROUPS = {
    "Seating": "Sitzmöbel",
    "Tables and Beds": "Tische und Betten",
    "Storage": "Schränke und Regale",
    "Lighting and Decoration": "Licht und Dekoration",
    "Kitchen": "Küche",
    "Electronics": "Elektronik",
    "Vehicles and Street": "Fahrzeuge und Straße",
    "Animals and People": "Tiere und Menschen",
    "SeeThrough3D Assets": "Dinge von SeeThrough3D",
}

GENERATE = {
    "Generate": "Erzeugen",
    "Generate All": "Alle erzeugen",
    "Make textured assets for every box that is not locked; Blender stays usable meanwhile": (
        "Texturierte Modelle für jede Box machen, die nicht gesperrt ist; Blender bleibt dabei benutzbar"
    ),
    "What": "Was",
    "All": "Alle",
    "Every box that is not locked": "Jede Box, die nicht gesperrt ist",
    "Selected": "Ausgewählte",
    "The selected boxes, locked or not": "Die ausgewählten Boxen, gesperrt oder nicht",
    "Generate Selected": "Ausgewählte erzeugen",
    "Make assets for the selected boxes, locked or not": (
        "Modelle für die ausgewählten Boxen machen, gesperrt oder nicht"
    ),
    "Make assets for every box that is not locked": "Modelle für jede Box machen, die nicht gesperrt ist",
    "Regenerate Box": "Box neu erzeugen",
    "Make the active box once more; what stands in it is kept as a variant": (
        "Die aktive Box noch einmal machen; was in ihr steht, bleibt als Variante"
    ),
    "New Seed": "Neuer Startwert",
    "Another one of the same; off repeats the same seed": "Ein anderes derselben Art; aus wiederholt den Startwert",
    "Make It Fit": "Passend machen",
    "Make It Fit and Retry": "Passend machen und neu starten",
    "Change memory mode and picture size of this generator so that it fits into the memory that is free": (
        "Speichermodus und Bildgröße dieses Generators ändern, bis er in den freien Speicher passt"
    ),
    "Reset to Defaults": "Auf Vorgaben zurücksetzen",
    "Put the options of this generator back to their defaults": (
        "Die Einstellungen dieses Generators auf ihre Vorgaben zurücksetzen"
    ),
    "Surroundings": "Umgebung",
    "Words about the place, for the image: in a living room, morning light": (
        "Worte über den Ort, für das Bild: in einem Wohnzimmer, Morgenlicht"
    ),
    "Every random choice follows from it": "Jede zufällige Wahl folgt daraus",
    "Render Condition": "Vorlage rendern",
    "Also render the layout as the image model sees it. Needs a camera": (
        "Auch das Layout rendern, wie das Bildmodell es sieht. Braucht eine Kamera"
    ),
    "Renderer": "Renderer",
    "What draws the condition": "Was die Vorlage zeichnet",
    "EEVEE": "EEVEE",
    "Fast; needs OpenGL": "Schnell; braucht OpenGL",
    "Cycles": "Cycles",
    "As the image model was trained; slow": "Wie das Bildmodell es gelernt hat; langsam",
    "Raster": "Raster",
    "Analytic; needs nothing": "Analytisch; braucht nichts",
    "Textures": "Texturen",
    "Pixels a side of each texture": "Pixel je Seite jeder Textur",
    "Triangles": "Dreiecke",
    "At most so many triangles for each asset": "Höchstens so viele Dreiecke für jedes Modell",
    "Fit": "Einpassen",
    "How an asset is put into its box": "Wie ein Modell in seine Box gestellt wird",
    "Inside": "Innen",
    "Scaled evenly until it touches the box": "Gleichmäßig skaliert, bis es die Box berührt",
    "Fill": "Füllen",
    "Stretched to the size of the box": "Auf die Größe der Box gestreckt",
    "Keep Size": "Größe behalten",
    "As large as it was made": "So groß, wie es gemacht wurde",
    "Views": "Ansichten",
    "What a generator that works from a picture is shown of each box": (
        "Was ein Generator, der nach einem Bild arbeitet, von jeder Box zu sehen bekommt"
    ),
    "As Seen": "Wie gesehen",
    "Cut out of the picture of the scene: the room holds together": (
        "Aus dem Bild der Szene geschnitten: der Raum passt zusammen"
    ),
    "Drawn Alone": "Allein gezeichnet",
    "Each thing in a picture of its own: for things that hide each other": (
        "Jedes Ding in einem eigenen Bild: für Dinge, die einander verdecken"
    ),
    "The condition needs a camera": "Die Vorlage braucht eine Kamera",
    "The backend is not set up yet": "Das Backend ist noch nicht eingerichtet",
    "Settings": "Einstellungen",
    "Generator Options": "Einstellungen des Generators",
    "Generate Presets": "Vorgaben für Erzeugen",
    "Add Generate Preset": "Vorgabe für Erzeugen hinzufügen",
    "Keep these settings as a preset, or remove one": "Diese Einstellungen als Vorgabe behalten oder eine entfernen",
}

PICTURE = {
    "Picture": "Bild",
    "Picture First": "Erst das Bild",
    "Stop when the picture of the scene is there, so that you can look at it before the 3D starts": (
        "Anhalten, wenn das Bild der Szene da ist, damit Sie es ansehen können, bevor das 3D beginnt"
    ),
    "Show Picture": "Bild zeigen",
    "Show the picture behind the boxes": "Das Bild hinter den Boxen zeigen",
    "Make Picture": "Bild machen",
    "Make a picture of the whole layout; the 3D starts when you approve it": (
        "Ein Bild des ganzen Layouts machen; das 3D beginnt, wenn Sie es gutheißen"
    ),
    "Again": "Noch einmal",
    "Another Seed": "Anderer Startwert",
    "Another picture of the same words": "Ein anderes Bild derselben Worte",
    "Approve and Go On": "Gutheißen und weiter",
    "Go on with this picture: make the 3D assets of every box that is not locked": (
        "Mit diesem Bild weitermachen: die 3D-Modelle jeder Box, die nicht gesperrt ist"
    ),
    "Choose Picture": "Bild wählen",
    "Show this one of the pictures, and take its seed": "Dieses der Bilder zeigen und seinen Startwert nehmen",
    "The one that is shown": "Das, welches gezeigt wird",
    "Look at Picture": "Bild ansehen",
    "Look through the camera that the picture was made with": "Durch die Kamera sehen, mit der das Bild gemacht wurde",
    "Look": "Ansehen",
    "Add a camera first: Frame the Boxes makes one": "Erst eine Kamera: 'Boxen ins Bild nehmen' macht eine",
    "The picture is being made": "Das Bild wird gerade gemacht",
    "Make a picture first": "Erst ein Bild machen",
    "Live Condition": "Vorlage live",
    "Show the layout as the image model will see it, over the camera's frame or in a corner": (
        "Das Layout zeigen, wie das Bildmodell es sehen wird, über dem Kamerabild oder in einer Ecke"
    ),
    "Opacity": "Deckkraft",
    "Of the condition over the camera's frame": "Der Vorlage über dem Kamerabild",
    "Camera": "Kamera",
    "Resolution X": "Auflösung X",
}

JOBS = {
    "Jobs": "Aufträge",
    "No jobs yet": "Noch keine Aufträge",
    "Open Folder": "Ordner öffnen",
    "Retry": "Noch einmal",
    "Cancel Job": "Auftrag abbrechen",
    "Stop this job; what is finished is kept": "Diesen Auftrag anhalten; was fertig ist, bleibt",
    "Retry Job": "Auftrag wiederholen",
    "Run the stages of this job again that failed or were cancelled": (
        "Die Stufen dieses Auftrags wiederholen, die misslungen oder abgebrochen sind"
    ),
    "Delete Job": "Auftrag löschen",
    "Forget this job and delete its files in the backend; results in Blender stay": (
        "Diesen Auftrag vergessen und seine Dateien im Backend löschen; Ergebnisse in Blender bleiben"
    ),
    "Open Job Folder": "Ordner des Auftrags öffnen",
    "Show the files of this job, or of all jobs, in the file manager": (
        "Die Dateien dieses Auftrags, oder aller, im Dateimanager zeigen"
    ),
    "Collect Results": "Ergebnisse holen",
    "Bring the results of the selected boxes from the backend once more, for instance after an undo": (
        "Die Ergebnisse der ausgewählten Boxen noch einmal vom Backend holen, etwa nach dem Rückgängigmachen"
    ),
    "Copy Report": "Bericht kopieren",
    "Copy what a bug report needs: versions, devices, the error, the last lines of the logs; no prompts": (
        "Kopieren, was ein Fehlerbericht braucht: Versionen, Geräte, den Fehler, das Ende der Protokolle; keine "
        "Beschreibungen"
    ),
    "The report is in the clipboard": "Der Bericht ist in der Zwischenablage",
    "Starting": "Beginnt",
    "{} of {}": "{} von {}",
    ", step {} of {}": ", Schritt {} von {}",
    "{}. {} left": "{}. Noch {}",
    "{} does not fit, whatever its settings: close other programs": (
        "{} passt mit keiner Einstellung: schließen Sie andere Programme"
    ),
    "{} boxes failed: {}": "{} Boxen sind misslungen: {}",
    "No setting makes it fit.": "Keine Einstellung macht es passend.",
    "queued": "wartet",
    "running": "läuft",
    "done": "fertig",
    "failed": "misslungen",
    "waiting": "wartet",
    "arriving": "kommt an",
    "cancelled": "abgebrochen",
    "undone: Collect Results": "rückgängig: Ergebnisse holen",
    "Queued": "Wartet",
    "Running": "Läuft",
    "Image": "Bild",
    "Mesh": "Mesh",
    "Material": "Material",
    "Placement": "Aufstellen",
    "Room": "Raum",
}

RESULTS = {
    "Results": "Ergebnisse",
    "Result": "Ergebnis",
    "Show": "Zeigen",
    "Both": "Beide",
    "Boxes as wires around their results": "Boxen als Draht um ihre Ergebnisse",
    "The layout only": "Nur das Layout",
    "Results only, and the boxes that have none": "Nur Ergebnisse, und die Boxen, die keines haben",
    "Show Variant": "Variante zeigen",
    "Let another of this box's results stand in it; modifiers and animation stay": (
        "Ein anderes Ergebnis dieser Box in sie stellen; Modifikatoren und Animation bleiben"
    ),
    "Step": "Schritt",
    "Remove Variant": "Variante entfernen",
    "Forget the variant that stands in the box; the one before takes its place": (
        "Die Variante vergessen, die in der Box steht; die davor nimmt ihren Platz"
    ),
    "Export GLB": "GLB exportieren",
    "Save the selected results, or all, as one GLB file with their textures": (
        "Die ausgewählten Ergebnisse, oder alle, als eine GLB-Datei mit Texturen sichern"
    ),
    "Variants": "Varianten",
    "seed {}": "Startwert {}",
    "scene seed {}": "Startwert der Szene {}",
    "Variant {} of {}": "Variante {} von {}",
    "{:,} triangles": "{:,} Dreiecke",
    "Choose Picture": "Bild wählen",
    "Show this one of the pictures, and take its seed": "Dieses der Bilder zeigen und seinen Startwert übernehmen",
    "The one that is shown": "Das gezeigte",
    "Choose Variant": "Variante wählen",
    "Let this variant stand in the box; modifiers and animation stay": (
        "Diese Variante in die Box stellen; Modifikatoren und Animation bleiben"
    ),
    "Index": "Index",
    "Repeat": "Wiederholen",
    "Vary": "Abwandeln",
    "Make what stands in the box once more from its recipe: prompt, seed, generator, camera and settings": (
        "Was in der Box steht noch einmal nach seinem Rezept machen: Beschreibung, Startwert, Generator, Kamera und "
        "Einstellungen"
    ),
    "Another one of the same": "Ein anderes derselben Art",
    "Copy Recipe": "Rezept kopieren",
    "Copy the recipe of what stands in the box, as text: everything that makes it again": (
        "Das Rezept dessen, was in der Box steht, als Text kopieren: alles, was es wieder entstehen lässt"
    ),
    "The recipe is in the clipboard": "Das Rezept ist in der Zwischenablage",
    "Apply": "Anwenden",
    "Make the results of the selected boxes ordinary objects with a scale of 1; the boxes keep their variants": (
        "Aus den Ergebnissen der ausgewählten Boxen gewöhnliche Objekte mit Skalierung 1 machen; die Boxen behalten "
        "ihre Varianten"
    ),
    "{} objects are yours now": "{} Objekte gehören jetzt Ihnen",
    "Mark as Asset": "Als Asset",
    "Offer the results of the selected boxes in the asset browser, with prompt, tags and picture": (
        "Die Ergebnisse der ausgewählten Boxen im Asset-Browser anbieten, mit Beschreibung, Stichworten und Bild"
    ),
    "{} assets are in the asset browser, under Current File": "{} Assets sind im Asset-Browser, unter Aktuelle Datei",
    "Saved {} results to {}": "{} Ergebnisse gesichert in {}",
    "Select a result, or a box that has one": "Ein Ergebnis auswählen, oder eine Box, die eines hat",
    "File Path": "Dateipfad",
    "Filepath used for exporting the file": "Pfad der Datei, die exportiert wird",
}

BACKEND = {
    "Backend": "Backend",
    "not connected": "nicht verbunden",
    "connecting": "verbindet",
    "online": "verbunden",
    "lost": "Verbindung verloren",
    "refused": "abgewiesen",
    "closed": "geschlossen",
    "Start": "Starten",
    "Stop": "Anhalten",
    "Start Backend": "Backend starten",
    "Start the backend, or connect to the one that already runs": (
        "Das Backend starten, oder sich mit dem verbinden, das schon läuft"
    ),
    "Stop Backend": "Backend anhalten",
    "End the backend; unfinished jobs wait for its next start": (
        "Das Backend beenden; unfertige Aufträge warten auf seinen nächsten Start"
    ),
    "Set Up": "Einrichten",
    "Set Up Backend": "Backend einrichten",
    "Install what the backend needs into your data folder; shows the size first, and can be interrupted": (
        "In Ihrem Datenordner einrichten, was das Backend braucht; zeigt erst die Größe und kann unterbrochen werden"
    ),
    "Greybox makes assets in a process of its own. It is set up once.": (
        "Greybox macht Modelle in einem eigenen Prozess. Er wird einmal eingerichtet."
    ),
    "About {:g} GB are downloaded from pypi.org and pytorch.org.": (
        "Etwa {:g} GB werden von pypi.org und pytorch.org geladen."
    ),
    "{:g} GB of disk are needed, {:.1f} GB are free in": "{:g} GB Platz werden gebraucht, {:.1f} GB sind frei in",
    "{:.1f} GB of disk are free": "{:.1f} GB Platz sind frei",
    "{} is going on": "{} ist im Gang",
    "{}: done": "{}: fertig",
    "The backend is on another computer: it is set up there": (
        "Das Backend ist auf einem anderen Rechner: es wird dort eingerichtet"
    ),
    "Allow Online Access in Blender's Preferences, System: this downloads files": (
        "Erlauben Sie den Online-Zugriff in Blenders Einstellungen unter System: dies lädt Dateien"
    ),
    "That is too little: choose another folder in the preferences": (
        "Das ist zu wenig: wählen Sie einen anderen Ordner in den Einstellungen"
    ),
    "Set up the backend first": "Erst das Backend einrichten",
    "This generator is not known: start the backend": "Dieser Generator ist nicht bekannt: das Backend starten",
    "Nothing is being installed": "Es wird nichts eingerichtet",
    "Download": "Laden",
    "Download Weights": "Gewichte laden",
    "Download the weights of this generator; shows the size first, and goes on where it was interrupted": (
        "Die Gewichte dieses Generators laden; zeigt erst die Größe und macht weiter, wo unterbrochen wurde"
    ),
    "Interrupt": "Unterbrechen",
    "Interrupt this; the same button goes on with it later": (
        "Dies unterbrechen; derselbe Knopf macht später damit weiter"
    ),
    "Restart Backend": "Backend neu starten",
    "End the backend and start it again; unfinished jobs go on": (
        "Das Backend beenden und wieder starten; unfertige Aufträge gehen weiter"
    ),
    "Preferences": "Einstellungen",
    "Open Preferences": "Einstellungen öffnen",
    "Show the preferences of Greybox": "Die Einstellungen von Greybox zeigen",
    "Paste Pairing String": "Kopplungszeile einfügen",
    "Use a backend on another computer: paste the line that it printed, with host, port and keys in one": (
        "Ein Backend auf einem anderen Rechner benutzen: die Zeile einfügen, die es ausgab, mit Rechner, Port und "
        "Schlüsseln in einem"
    ),
    "Pairing String": "Kopplungszeile",
    "Paired with {}": "Gekoppelt mit {}",
    "Open Log": "Protokoll öffnen",
    "Log": "Protokoll",
    "Show the end of the backend's logs in a Text Editor": (
        "Das Ende der Protokolle des Backends in einem Texteditor zeigen"
    ),
    "Check": "Prüfen",
    "Check This Computer": "Diesen Rechner prüfen",
    "Look at what this computer has and what Greybox misses, and show it in a Text Editor": (
        "Ansehen, was dieser Rechner hat und was Greybox fehlt, und es in einem Texteditor zeigen"
    ),
    "All is well": "Alles ist gut",
    "{} things to fix": "{} Dinge zu beheben",
    "Version {}": "Version {}",
    "{}: {:.1f} of {:.0f} GB free": "{}: {:.1f} von {:.0f} GB frei",
    "{:.0f} GB of disk free": "{:.0f} GB Platz frei",
    "Device": "Gerät",
    "What the models run on: cpu, cuda:0, cuda:1 ... Empty: the first GPU, or else the CPU. Heard at the next start of "
    "the backend": (
        "Worauf die Modelle laufen: cpu, cuda:0, cuda:1 ... Leer: die erste GPU, sonst die CPU. Gilt ab dem nächsten "
        "Start des Backends"
    ),
    "This Computer": "Dieser Rechner",
    "Started when it is needed; keeps working when Blender is closed": (
        "Wird gestartet, wenn es gebraucht wird; arbeitet weiter, wenn Blender geschlossen ist"
    ),
    "Another Computer": "Ein anderer Rechner",
    "A backend that someone has started, by its address and keys": (
        "Ein Backend, das jemand gestartet hat, nach Adresse und Schlüsseln"
    ),
    "Python": "Python",
    "The Python that has what the backend needs. Empty: the one that the set-up made": (
        "Das Python, das hat, was das Backend braucht. Leer: das der Einrichtung"
    ),
    "Data Folder": "Datenordner",
    "Keys, jobs and results. Empty: the usual place for this system": (
        "Schlüssel, Aufträge und Ergebnisse. Leer: der übliche Ort dieses Systems"
    ),
    "Host": "Rechner",
    "Name or address of the other computer": "Name oder Adresse des anderen Rechners",
    "Port": "Port",
    "Server Key": "Schlüssel des Servers",
    "Public key of the backend, 40 characters": "Öffentlicher Schlüssel des Backends, 40 Zeichen",
    "Own Key File": "Eigene Schlüsseldatei",
    "The key that the backend has been told to admit": "Der Schlüssel, den das Backend zulassen soll",
    "Start With Generate": "Mit Erzeugen starten",
    "Start the backend when Generate needs it": "Das Backend starten, wenn Erzeugen es braucht",
    "Labels": "Beschriftungen",
    "Write prompt and state at every box in the viewport": (
        "Beschreibung und Zustand an jede Box in der Ansicht schreiben"
    ),
}

PANORAMA = {
    "Panorama": "Panorama",
    "Greybox Panorama": "Greybox-Panorama",
    "Open Panorama": "Panorama öffnen",
    "Choose an equirectangular picture of a room, 360 by 180 degrees": (
        "Ein äquirektangulares Bild eines Raums wählen, 360 mal 180 Grad"
    ),
    "Preview as World": "Als Welt zeigen",
    "This viewport shows the world in Rendered shading": "Diese Ansicht zeigt die Welt in gerenderter Schattierung",
    "Show the panorama as the world around the scene, or give the scene its own world back": (
        "Das Panorama als Welt um die Szene zeigen, oder der Szene ihre eigene Welt zurückgeben"
    ),
    "Capture Point to Cursor": "Aufnahmepunkt zum Cursor",
    "Put the capture point on the floor below the 3D cursor": (
        "Den Aufnahmepunkt auf den Boden unter dem 3D-Cursor setzen"
    ),
    "At the Cursor": "Am Cursor",
    "Remove Panorama": "Panorama entfernen",
    "Take the panorama out of the scene; the scene gets its own world back": (
        "Das Panorama aus der Szene nehmen; sie bekommt ihre eigene Welt zurück"
    ),
    "Generate Room": "Raum erzeugen",
    "Make a room with separate furniture of the panorama": "Aus dem Panorama einen Raum mit einzelnen Möbeln machen",
    "An equirectangular picture: 360 by 180 degrees": "Ein äquirektangulares Bild: 360 mal 180 Grad",
    "Capture Point": "Aufnahmepunkt",
    "The place on the floor below the camera that took it": "Der Ort auf dem Boden unter der Kamera, die es aufnahm",
    "Height": "Höhe",
    "How far above the floor it was taken": "Wie hoch über dem Boden es aufgenommen wurde",
    "Heading": "Blickrichtung",
    "Where the middle of the picture looks, about Z; at zero along Y": (
        "Wohin die Mitte des Bildes blickt, um Z; bei null entlang Y"
    ),
    "A 360 degree picture of a room. You can also drop one on the viewport": (
        "Ein 360-Grad-Bild eines Raums. Sie können es auch auf die Ansicht ziehen"
    ),
    "Open a panorama first, or drop one on the viewport": "Erst ein Panorama öffnen oder auf die Ansicht ziehen",
    "No generator for rooms is in this version: InSpace will be the first. Place boxes by hand meanwhile.": (
        "Diese Version hat keinen Generator für Räume: InSpace wird der erste. Setzen Sie so lange Boxen von Hand."
    ),
}

CAMERA = {
    "Add a camera first: press Frame the Boxes": "Erst eine Kamera: 'Boxen ins Bild nehmen' drücken",
    "Render it first: press Exact Condition": "Erst rendern: 'Genaue Vorlage' drücken",
    "Aspect": "Seitenverhältnis",
    "Give the picture these proportions; its longer side keeps its pixels": (
        "Dem Bild dieses Seitenverhältnis geben; seine längere Seite behält ihre Pixel"
    ),
    "What the image model draws": "Was das Bildmodell zeichnet",
    "Make the Camera Fit": "Kamera passend machen",
    "Make the camera one that the image model can see through: perspective, level, looking down, without shift": (
        "Die Kamera zu einer machen, durch die das Bildmodell sehen kann: perspektivisch, waagerecht, von oben, ohne "
        "Verschiebung"
    ),
    "Exact Condition": "Genaue Vorlage",
    "Let the backend render the condition exactly as the image model gets it; it becomes an image of this file": (
        "Das Backend die Vorlage rendern lassen, genau wie das Bildmodell sie bekommt; sie wird ein Bild dieser Datei"
    ),
    "Open Condition": "Vorlage öffnen",
    "Show the exact condition in a window of its own": "Die genaue Vorlage in einem eigenen Fenster zeigen",
    "Condition": "Vorlage",
    "Elevation": "Neigung",
    "How far the camera looks down; changing it moves the camera around the boxes": (
        "Wie weit die Kamera nach unten sieht; ändern bewegt sie um die Boxen"
    ),
    "From which side the camera looks, 0 from the front; changing it moves it around the boxes": (
        "Von welcher Seite die Kamera sieht, 0 von vorne; ändern bewegt sie um die Boxen"
    ),
}

WHY_NOT = {
    "The backend is running": "Das Backend läuft",
    "No backend is running": "Es läuft kein Backend",
    "A backend on another computer is stopped there": "Ein Backend auf einem anderen Rechner wird dort angehalten",
    "Draw in a 3D viewport": "In einer 3D-Ansicht zeichnen",
    "The floor is not under the mouse: look at it from above": (
        "Der Boden ist nicht unter der Maus: von oben darauf sehen"
    ),
    "A box needs a width, a depth and a height": "Eine Box braucht Breite, Tiefe und Höhe",
    "Select several boxes; the active one is the model": "Mehrere Boxen auswählen; die aktive ist das Vorbild",
    "Add a layout box first": "Erst eine Layout-Box hinzufügen",
    "Add a layout box first, or load an example": "Erst eine Layout-Box hinzufügen oder ein Beispiel laden",
    "No box names a thing whose size is known: write 'chair', 'bus', 'dog' ...": (
        "Keine Box nennt ein Ding bekannter Größe: schreiben Sie 'chair', 'bus', 'dog' ..."
    ),
    "Select a layout box": "Eine Layout-Box auswählen",
    "Select a box": "Eine Box auswählen",
    "Select a box that is the same as another one": "Eine Box auswählen, die gleich einer anderen ist",
    "Nothing stands in '{}' yet: generate it first": "In '{}' steht noch nichts: erst erzeugen",
    "Select a layout box or a result": "Eine Layout-Box oder ein Ergebnis auswählen",
    "All boxes are locked": "Alle Boxen sind gesperrt",
    "All boxes are locked: unlock one, or generate the selected ones": (
        "Alle Boxen sind gesperrt: eine entsperren oder die ausgewählten erzeugen"
    ),
    "The add-on is not enabled": "Die Erweiterung ist nicht eingeschaltet",
    "Wait for the running jobs to end, or cancel them": "Warten, bis die laufenden Aufträge enden, oder sie abbrechen",
    "The log is on the other computer": "Das Protokoll ist auf dem anderen Rechner",
    "There is no log yet": "Es gibt noch kein Protokoll",
    "No backend is connected": "Kein Backend ist verbunden",
    "The files are on the other computer": "Die Dateien sind auf dem anderen Rechner",
    "Select the objects that the box should surround": "Die Objekte auswählen, um die die Box stehen soll",
    "This installation has no examples": "Diese Installation hat keine Beispiele",
    "'{}' has no size along this axis: set its scale first": (
        "'{}' hat entlang dieser Achse keine Größe: erst die Skalierung setzen"
    ),
    "Switch to Object Mode first": "Erst in den Objektmodus wechseln",
    "Regenerate the box to have a variant to choose": "Die Box neu erzeugen, um eine Variante zu haben",
    "The box has no result yet": "Die Box hat noch kein Ergebnis",
    "Enable the add-on 'glTF 2.0 format' first": "Erst die Erweiterung 'glTF 2.0 format' einschalten",
    "Generate something first": "Erst etwas erzeugen",
    "The selected boxes have no results": "Die ausgewählten Boxen haben keine Ergebnisse",
}

GERMAN: dict[str, str] = LAYOUT | GROUPS | GENERATE | PICTURE | JOBS | RESULTS | BACKEND | PANORAMA | CAMERA | WHY_NOT
