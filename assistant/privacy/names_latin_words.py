# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Given names and family names that are common somewhere: plain facts, no one's corpus; lower case."""


def _words(text: str) -> list[str]:
    return text.split()


GIVEN_NAMES = frozenset(
    _words("""\
aaron abdul abdullah abigail abraham ada adam adel adele adrian adriana adriano agnes agnieszka ahmad ahmed
aidan aiko aileen aisha akira alain alan alana albert alberto alejandra alejandro aleksander aleksandr alena
alessandra alessandro alessia alex alexa alexander alexandra alexandre alexei alexis alfonso alfred alfredo
ali alice alicia alina alison alistair allan allen allison alma alonso alvin alyssa amanda amelia amelie
amir amit amy ana anastasia anders andre andrea andreas andrei andres andrew andrás andré andy angel angela
angelica angelina angelo angus anil anita anja anjali anke ann anna annabelle anne annette annie annika
ansel anthony antoine anton antonia antonio anya april aria ariana ariel arjun arlene armando arnaud arnold
arthur arturo asha ashley ashraf asta astrid aubrey audrey august augustin aurelie aurora ava avery axel
ayumi barbara barney barry bart bartosz beatrice beatriz becky belinda ben benedict benjamin bernadette
bernard bernd bernhard bernice bertha bessie beth bethany betty beverly bianca bill billy birgit bjorn björn
bjørn blake bob bobby bonnie boris brad bradley brandi brandon brenda brendan brent brett brian briana
bridget brittany brooke bruce bruno bryan bryce caitlin calvin cameron camila camille candace carl carla
carlo carlos carmen carol carole carolina caroline carolyn carrie carter casey cassandra cassie catalina
catarina catherine cathy cecile cecilia cedric celeste celia celine cesar chad chandra charlene charles
charlie charlotte chelsea cheryl chester chiara chloe chloé chris christa christian christiane christina
christine christoph christophe christopher cindy claire clara clarence clarissa claude claudia claudio claus
clayton clement clifford clinton clyde cody colette colin colleen connie connor conrad constance cora corey
corinne cory courtney craig cristian cristina crystal curtis cynthia cyril céline daisuke daisy dale damian
damien damon dan dana daniel daniela daniele danielle danny dante daphne darius darlene darrell darren daryl
dave david davide dawn dean deanna debbie deborah debra deepak deirdre delia denise dennis derek derrick
devin devon diana diane diego dieter dietmar dimitri dina dirk dmitri dmitry dolores dominic dominik
dominique don donald donghyun donna donovan dora doreen doris dorothy doug douglas duncan dustin dwayne
dwight dylan earl ed eddie edgar edith edmund edna eduardo edward edwin eileen elaine eleanor elena eli
elias elijah elina elisa elisabeth elise elizabeth ella ellen elliot elliott elmer eloise elsa elsie elvira
emanuel emil emilia emilie emilio emily emma emmanuel enrico enrique eric erica erich erik erika erin ernest
ernesto ernst esperanza esteban estelle esther ethan ethel etienne eugene eugenia eunji eva evan eve evelyn
evgeny ezra fabian fabio fabrice faith fatima fatma federico felicia felicity felipe felix ferdinand ferenc
fernanda fernando fiona flora florence florian floyd frances francesca francesco francine francis francisco
franck francois francoise frank frankie franz françois fred freda freddie freddy frederic frederick frederik
freya frida friedrich fritz gabriel gabriela gabriele gabrielle gail galina gareth garrett gary gavin gemma
gene genevieve geoff geoffrey george georgia georgina gerald geraldine gerard gerardo gerd gerda gerhard
gertrude gianni gilbert gilberto gilles gina giorgio giovanni giulia giulio giuseppe gladys glen glenda
glenn gloria gordon grace graham grant greg gregor gregory greta gretchen grzegorz guido guillaume guillermo
gunter gustav gustavo guy gwen gwendolyn gábor günter hadley hailey hakim haley hamza hana hanna hannah
hanne hans harald harold haroon harper harriet harris harrison harry haruka haruki harvey hassan hazel
heather hector heidi heike heiko heinrich heinz helen helena helene helga helmut hendrik henri henrietta
henrik henrique henry herbert herman hermann hilary hilda hiroko hiroshi hiroyuki holly homer hope horst
howard hubert hugh hugo humberto hyejin hyunwoo hélène ian ibrahim ida ignacio igor ilona ilse imran ines
inga inge ingeborg ingo ingrid inés ira irene irina iris irma irving isaac isabel isabella isabelle isaiah
ishaan isla ismael istván ivan ivana ivy iñaki jack jackie jackson jacob jacqueline jacques jaehyun jaime
jake jakub jamal james jamie jan jana jane janet janice janine janis jared jasmin jasmine jason jasper
javier jay jayden jean jeanette jeanne jeff jeffery jeffrey jenna jennifer jenny jens jeremiah jeremy
jermaine jerome jerry jesse jessica jessie jesus jesús jihoon jill jim jimin jimmy jin jinwoo jisoo jiwon
jiří jo joan joann joanna joanne joao joaquin jochen jodi jody joe joel johan johann johanna johannes john
johnny jon jonas jonathan jordan jorge jorgen jose josef josefina joseph josephine josh joshua josé joy
joyce joão juan juana juanita jude judith judy juha julia julian juliana julie julien juliet julio julius
june jurgen justin justine jutta józsef jörg jørgen jürgen kai kaitlyn kamil kara karel karen karin karina
karl karla katarina katarzyna kate kateřina katharina katherine kathleen kathryn kathy katia katie katja
katrin kay kayla kazuki keiko keith kelly kelsey ken kendra kenji kenneth kenny kent kevin khaled khalid kim
kimberly kirill kirk kirsten klara klaus konrad konstantin krista kristen kristian kristin kristina kristine
kristof krisztián krzysztof kumar kurt kyle lance lara larry lars latoya laura lauren laurence laurent
lawrence lea leah leander lee leif leila lena leo leon leona leonard leonardo leonie leroy lesley leslie
lester leticia levi lewis li liam lidia lillian lily lin linda lindsay lindsey linus lionel lisa lise liz
lloyd logan lois lola lora loren lorenzo loretta lori lorraine lou louis louisa louise luc luca lucas lucia
luciana lucien lucille lucinda lucy ludwig luis luisa luiz lukas lukasz luke lukáš luna luther lydia lyle
lynn lászló léa mabel mackenzie madeleine madeline madison mae magdalena maggie magnus maja makoto malcolm
mandy manfred manuel manuela mara marc marcel marcela marcella marcia marcin marco marcos marcus marek
margaret margarita margot marguerite maria marian mariana marianne marie mariela marilyn marina mario marion
marisa marisol marissa marjorie mark marko markus marlene marshall marta martha martin martina martine
marvin mary masako mason massimo mateo mateusz mathew mathias mathieu mathilde matt matteo matthew matthias
maureen maurice mauricio max maxim maxime maximilian maxine may maya megan mehmet mei melanie melinda
melissa melody mercedes meredith mia michael michaela michal michał michel michele michelle mickey miguel
mika mike mikhail mila mildred milena miles milton mina ming minho minji minjun minnie minsu miranda miriam
misty mitchell mohamed mohammad mohammed moira molly mona monica monika monique morgan moritz moses muhammad
muriel murray mustafa myra myrtle mária mónica nadia nadine nancy naomi natalia natalie natalya natasha
nathalie nathan nathaniel neal neha neil nelly nelson nestor niamh nicholas nick nicola nicolas nicole niels
nigel nikhil niklas nikolai nikolaus nils nina noah noel noemi nora norbert noreen norma norman octavia
oksana ola olaf oleg olga oliver olivia olivier ollie omar ondřej opal ophelia orlando oscar oskar osman
otto owen pablo paige pam pamela paola paolo pascal pat patrice patricia patrick patrik patsy patty paul
paula paulina pauline paulo pavel paweł pearl pedro peggy penelope penny percy perry pete peter petr petra
phil philip philipp philippa philippe phillip phoebe phyllis pia pierre pietro piotr priya péter quentin
quincy rachel rafael raj rajesh ralf ralph ramon ramona randall randy raphael raquel rashid raul ravi ray
raymond rebecca regina reginald reiner renata renate rene renee rené renée rex rhonda ricardo riccardo
richard rick ricky riley rita rob robbie robert roberta roberto robin robyn rocco rochelle rodney rodrigo
rogelio
roger rohan roland rolf romain roman romeo ron ronald ronan ronnie rory rosa rosalie rosalind rosario rose
rosemary rosie ross roxanne roy ruben ruby rudolf rudolph rudy rufus rupert russell ruth ryan sabine sabrina
sadie sakura salim sally salma salvador salvatore sam samantha samir samuel sandra sandy sanjay santiago
sara sarah sascha sasha saul savannah scott sean sebastian selena selma seojun seoyeon serena serge sergei
sergey sergio seth shane shannon sharon shaun shawn sheila shelby sheldon shelley sherry shirley sidney
siegfried sierra sigrid silke silvia simon simona simone siobhan sofia solomon sonia sonja sophia sophie
soyeon spencer stacey stacy stan stanislav stanisław stanley stefan stefania stefanie stella stephan
stephane stephanie stephen steve steven stewart stuart sue sujin sungmin sunita susan susana susanna susanne
suzanne sven svetlana sybil sydney sylvia sylvie sándor sören søren tabitha taehyung takashi takeshi tamara
tammy tamás tania tanja tanya tara tariq tatiana tatyana taylor ted terence teresa terrance terrence terri
terry tessa thea thelma theo theodore theresa therese thierry thomas thorsten tiffany tim timo timothy tina
tobias toby todd tom tomas tomasz tommy tomáš toni tony torsten tracey traci tracy travis trevor tricia
tristan troy tyler ulrich ulrike ursula uta uwe vaclav valentin valentina valerie vanessa vera verena vernon
veronica veronika veronique verónica vicki vicky victor victoria vijay vikram vincent vincenzo viola violet
virginia vishal vivian viviana vivienne vladimir volker václav wade wallace walter wanda warren wayne wei
wendy werner wesley wilbur wilfred wilhelm will willard willem william willie wilma winifred winston
wojciech wolfgang woodrow xavier xiao yan yasmin yasmine yejin yolanda yosef youngho yuki yukio yuko yuna
yuri yusuf yvette yvonne zachary zara zelda zoe zofia zoltán zoé zuzana álvaro ángel åsa östen łukasz şule
željko
""")
)

FAMILY_NAMES = frozenset(
    _words("""\
abe acosta adams adeyemi aguilar ahmed ahn albrecht alekseev alexander ali allen almeida alvarado alvarez
alves andersen anderson andersson andrade andre andrews armstrong arnold austin avila ayala aydin azevedo
babić bae baek bailey baker bakker balogh banerjee banks barbieri barbosa barnes barnett barrett barros
bates bauer beck becker bell bengtsson bennett benson berg berger bergmann bergström berry bertrand bianchi
bishop black blanc bonnet bos botha bowman boyd bradley brandt braun brewer brooks brouwer brown bruno
bryant burke burns burton busch butler byrd böhm caldwell campbell campos cao cardoso carlson carpenter carr
carrillo carroll carter caruso carvalho castillo castro celik chambers chapman chatterjee chavez chen
chevalier cho choi chopra christensen christiansen clark clement cohen cole coleman collins colombo conti
contreras cook cooper cortez costa cox craig crawford cruz cunningham curtis daniels das davidson davis day
dean dekker delgado demir deng dias diaz dietrich dijkstra dixon dlamini doherty dominguez domínguez dong
douglas dubois dumont duncan dunn dupont durand dvořák díaz dąbrowski edwards egorov elliott ellis engel
eriksen eriksson espinoza esposito estrada evans farkas faure fedorov feng ferguson fernandes fernandez
fernández ferrara ferrari ferreira fields figueroa fischer fisher fitzgerald fleming flores fontaine fontana
ford foster fournier fowler fox francois franklin frazier freeman freitas friedman friedrich fuchs fujita
fuller gallagher galli gallo gao garcia garcía gardner garnier garrett garza gauthier gentile george
georgiou gerard ghosh gibson gilbert giordano girard goldberg goldstein gomes gomez gonzales gonzalez
gonzález gonçalves gordon graf graham grant gray greco green greene gregory griffin groß guerin guerrero guo
gupta gustafsson gutierrez gutiérrez guzman gómez günther ha haas hahn hall hamilton han hansen hanson
hansson harper harris harrison hart hartmann harvey hasegawa hashimoto hassan hawkins hayashi hayes he
heikkinen heinrich henderson hendriks henry heo hernandez hernández herrera herrmann hicks hill hoffman
hofmann holland holmberg holmes hong hopkins horn horvat horváth horák howard howell hu huang huber hudson
hughes hunt hunter hussain hwang hämäläinen iglesias ikeda ilić inoue ioannou ishikawa ito ivanov ivanova
iversen iyer jackson jacobs james jang jankowski jansen janssen jansson jenkins jennings jensen jeon jeong
jiang jimenez jiménez johansen johansson johnsen johnson johnston jones jonsson jordan josefsen joseph
jovanović juarez juhász jung jurić jäger järvinen kaiser kamiński kang kaplan kapoor karlsen karlsson kato
katz kavanagh kaya keller kelley kelly kennedy khan kim kimura king kiss klein knight knudsen kobayashi koch
korhonen koskinen kovač kovačić kovács kowalczyk kowalska kowalski kozlov kozłowski kraus krause kristensen
kristiansen krueger krämer krüger kuhn kumar kuznetsov kuznetsova kučera kwon köhler könig kühn laine
lambert lane lang lange larsen larson larsson laurent lawrence lawson le lebedev lee lefebvre lefevre
legrand lehmann lehtonen leonard leone leroy levy lewandowski lewis li liang lim lima lin lindberg lindqvist
lindstrom lindström little liu lombardi long longo lopes lopez lorenz lowe lucas luna lundberg luo lynch
lópez ma macdonald machado mackenzie maclean macleod madsen magnusson maier maldonado malhotra mancini
mariani marino marić marković marques marquez marshall martin martinelli martinez martini martínez mason
masson mathieu matsumoto matthews may mayer mazur mccarthy mccoy mcdonald mcdonnell mcgrath mckenzie mclean
medina mehta meier meijer mejia mendes mendez mendoza mensah mercier meyer michel mikhailov miller mills
miranda mitchell molina molnár montgomery moon moore morales moreau moreira morel moreno moretti morgan mori
morin morozov morris morrison mortensen mueller mukherjee mulder muller munoz murphy murray muñoz mwangi
myers mäkelä mäkinen möller müller nagy nair nakamura nam nascimento navarro ndlovu neal nelson neumann
newman nguyen nichols nicolas nielsen nieminen nikolaev nikolić nilsen nilsson nishiyama njoroge nkosi noh
norris novak novikov novotný novák nowak nunes nunez németh núñez o'brien o'connor o'neill o'reilly
o'sullivan obrien ogawa oh okada okafor okeke oliveira oliver olsen olson olsson orlov ortega ortiz osei
otto owens padilla palmer pan papadopoulos papadopoulou papp park parker patel patterson pavlov payne
pearson pedersen pena peng pereira perez perkins perrin perry persson peters petersen peterson petrov
petrova petrović pettersson pfeiffer phillips pierce pohl popov popova porter poulsen powell powers
pretorius price procházka pérez ramirez ramos ramírez rao rasmussen ray reddy reed reid reyes reynolds
rhodes ribeiro ricci rice richards richardson richter riley rinaldi rios rivera rizzo roberts robertson
robin robinson rocha rodrigues rodriguez rodríguez rogers rojas romano romero rose rosenberg ross rossi
rousseau roussel roux ruiz russell russo ryan ryu salazar sanchez sanders sandoval santiago santoro santos
sasaki sato sauer schmid schmidt schmitt schmitz schneider scholz schreiber schroeder schröder schultz
schulz schumacher schuster schwartz schwarz scott seidel semenov seo shah sharma shaw shelton shimizu shin
silva simmons simon simpson sims singh sjöberg smirnov smirnova smit smith snyder soares sokolov sokolova
sommer son song soto souza spencer stanley steele stein stepanov stephens stevens stewart stojanović stone
sullivan sun sutton suzuki suárez svensson svoboda szabó szymański sánchez söderberg sørensen takahashi
takács tanaka tang taylor teixeira thomas thompson thomsen tian torres tran tucker turner tóth valdez
van-dyk varga vargas vasiliev vasquez vega verma veselý vieira vincent virtanen visser vitale vogel vogt
voigt volkov vos vázquez wade wagner walker wallace walsh walter wang ward warren washington watanabe
watkins watson weaver webb weber weiß welch wells werner west wheeler white williams williamson willis
wilson winkler winter wiśniewska wiśniewski wolf wong wood woods woźniak wright wu wójcik xiao xie xu yamada
yamaguchi yamamoto yang yilmaz yoo yoon yoshida young yu yuan yıldız zeng zhang zhao zheng zhou zhu ziegler
zieliński zimmermann álvarez öztürk černý şahin
""")
)

# Of Korea, as people write them in Latin letters.
KOREAN_FAMILY_NAMES = frozenset(
    _words("""\
ahn bae baek cho choi chung go ha han hong hwang jang jeong jung kang kim ko kwon lee lim moon nam noh oh
park ryu seo shin son song yang yi yoo yoon yun
""")
)
