# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Words that are written like names in Latin letters and are none, or not always; lower case."""


def _words(text: str) -> list[str]:
    return text.split()


# Names that are words, months, places or products too: they need more than a capital.
WORDS_TOO = frozenset(
    _words("""\
ada alexa alma angel angelo april aria ariel art august aurora austin avery axel bart bernard bill carmen
carolina carter chase chelsea christian christoph chuck claude clay clayton clement cora crystal daisy dale
dawn dean devon dolores don drew earl ed eve faith flora florence floyd frank gemma georgia grace grant guy
hamilton harper harrison hazel hill holly homer hope hugo ira iris isla ivy jackson jasmine jasper jean
jesus jin jo jordan joy jude julia june kay kim kumar lance lee li lily lin lincoln logan lola lou lourdes
luna luther madison mae mara marina mark marshall mason max maxim may mei melody mercedes miles milton mina
ming misty morgan moses murray nelson noel nova ola opal orlando oscar otto paige pam pan paris pat patty
pearl penny percy perry pierce piper raj ray reed regina rex rich rob robin roman romeo rosario rose ross
roy ruby sage salvador sam sandy santiago savannah selma shelby sierra simone spencer sterling sue summer
swift sydney tara tracy trinidad troy victoria viola violet virginia vista wade wallace warren watson wei
will winston xiao yan zara zelda
""")
) | frozenset(
    _words(
        "black white green brown gray sun song banks bush stone wood woods bell young day price long fox "
        "cross page fields little moon son bird law powers steele rice berry rivers"
    )
)

# Words with a capital that begin no name and end every one.
NO_NAMES = frozenset(
    _words("""\
a about above according act admin africa african after again against agency agent ago agreement airlines
airport algorithm all allee alley almost along already also although always am amazon amendment america
american among an and android another answer any anyone anything appendix apple applicant april apt arbor
are arena army around as asia asian ask association at august aunt australia australian avenida avenue award
awards away back band bank based battalion battle bay be beach because been before began behind beijing
being below berlin best between bible bill books boss bot both boulevard bowl box brazilian bridge brigade
britain british brother build building bureau but by c/o cabinet calle called came can canadian cannot cape
captain catholic center central centre chairman changelog chapter chargers cheers chief china chinese
christian church circle city claus client cliffs close club coach colleagues college colonel commission
committee company concerto congressman constitution corp corporation corps corso could council county court
creek crescent cup customer czech dame danish date davidson day days dear december department despite did
dior director disease district division do docker doctor does done down drive during dutch dynasty each
early east eastern effect either else email emperor empire empress england english enough entertainment
estrada europe european even ever every everybody everyone everything example examples facebook father
february festival few figure finally first flat floor folks following for force former fort foundation
france french friday friend friends from further garden gardens general gentlemen german germany get github
give given gmbh go good google governor great greek group grove guest gulf guys had hall has have having he
hello help hence her here hey hi highway hilfiger hills him his holdings home hospital hotel house house's
how however hr hungarian hyundai i ibm if in inc include including indeed index indian inside install
instead institute intel into ireland is island islands it italian italy its january japan japanese java
javascript jewish jones's journal judge july june just justice keep khan kind king kingdom klein know korea
korean ladies lady lake lane largo last late later law league least less let library license lieutenant like
likely line linux list little llc london look loop lord lower ltd luis lynch madam made madrid magazine mail
major make manager many march mathias-pass maybe mayor me meanwhile medal member members meta method mews
mexican microsoft mine minister ministry model monday moreover moscow most mostly mother motors mount
mountain mountains mt much museum muslim must my name navy near nearly need neither netflix never new news
next no nobody none nor north northern norwegian not note nothing november now october of off office officer
often ok okay old on once one only onto open or oracle orchestra order other others our ours out over own
padres page parent parents paris park part party pepper per perhaps phone piazza pictures pike place plan
platz plaza plc please point polish pope port post praça president press prime prince princess prize
professor program project protestant province python quartet queen question rather read reader readers
readme really records regarding regards regiment report republic review revolution ridge river road rome row
rua rue russia russian sachs said saint sales same samsung san santa santo sao saturday saw say scale school
schwab scotland second secretary section see seen senator seoul september sergeant service she should show
siege since sincerely sir sister so society some someone something sometimes sonata sony soon sorry south
southern spain spanish square st stadium staff stanley state states station still strasse straße street
street's student students studios subject such suite sunday super support sure swedish symphony syndrome
system table take team tech tell terrace tesla test tests than thank thanks that the theater theatre their
theirs them then theorem there therefore these they thing things think third this those though through
thursday thus time times to today todo together tokyo tomorrow tonight too toward tower town trail travessa
treasurer treaty tuesday turkish twitter two ul ulica uncle under unfortunately union unit united university
unless unlike until up upon upper us usage use used user using valley version very via viale vila village
visitor volume vuitton wales war warm was way we wednesday well went were west western what whatever when
whenever where whether which while who whoever whole whom whose why wikipedia will windows with within
without world would yes yesterday yet york you your yours youtube
""")
)

# Places are named for people: "San Francisco", "Port Edward".
PLACES_BEGIN = frozenset(
    _words("san santa santo sao saint st fort mount mt lake port cape point new los las rue rua via calle")
)
