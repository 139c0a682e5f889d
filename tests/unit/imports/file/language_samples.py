"""Words as they stand in files of people, in many languages, and the encodings these are kept in.

Written for the tests, by hand; the program counts its letters elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

_WESTERN = ("cp1252", "mac_roman", "cp850")
_CENTRAL = ("cp1250", "iso8859_2", "cp852")
_CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic")


class Language(NamedTuple):
    """headers: of a name, an address, a company and a title. people: names. companies, titles.

    encodings: which were used before Unicode.
    """

    headers: tuple[str, str, str, str]
    people: tuple[str, ...]
    companies: tuple[str, ...]
    titles: tuple[str, ...]
    encodings: tuple[str, ...]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _language(
    headers: str, people: str, companies: str, titles: str, encodings: tuple[str, ...]
) -> Language:
    one, two, three, four = _split(headers)
    return Language(
        (one, two, three, four), _split(people), _split(companies), _split(titles), encodings
    )


LANGUAGES = {
    "de": _language(
        "Name, E-Mail, Firma, Position",
        "Jürgen Groß, Sören Köppke, Anneliese Bäumler, Günther Weiß, Jörg Öhlschläger, "
        "Katja Schönfeld, Bärbel Thürmer, Uwe Lehmann, Änne Kühn, Käthe Rößler",
        "Müller & Söhne GmbH, Bäckerei Möhring, Straßenbau Süd AG, Gebrüder Fröhlich KG",
        "Geschäftsführer, Vertriebsleiterin, Leiter Qualität, Büroleitung, Einkäufer",
        _WESTERN,
    ),
    "fr": _language(
        "Nom, E-mail, Société, Fonction",
        "Hélène Lefèvre, François Béranger, Zoé Dumoulin, Benoît Gagné, Jérôme Hébert, "
        "Agnès Châtelain, Loïc Le Goff, Émilie Brûlé, Cédric Rénier, Chloé Poiré",
        "Café Crème SARL, Boulangerie du Théâtre, Société Générale, Énergies Nouvelles",
        "Développeur, Directrice générale, Chargé de clientèle, Ingénieur, Président",
        _WESTERN,
    ),
    "es": _language(
        "Nombre, Correo electrónico, Empresa, Cargo",
        "José Ibáñez, María Peñalver, Íñigo Ordóñez, Ramón Güell, Ángela Muñiz, "
        "Begoña Cortés, Raúl Jiménez, Lucía Albariño, Óscar Núñez, Sofía Cáceres",
        "Compañía Española de Ingeniería, Diseño Ibérico, Panadería Años, Logística León",
        "Técnico, Dirección, Ingeniera informática, Diseñador, Gestión",
        _WESTERN,
    ),
    "it": _language(
        "Nome, Indirizzo e-mail, Società, Funzione",
        "Nicolò Ferrarì, Mosè Donà, Giosuè Brambilla, Niccolò Forlì, Maria Cefalù, "
        "Luca Bertè, Noè Pagani, Elisabetta Calà, Salomè Cantù, Dino Lamanò",
        "Caffè Più, Società Elettrica, Qualità Totale, Pubblicità Oggi",
        "Responsabile qualità, Attività commerciale, Libertà e servizi, Già direttore",
        _WESTERN,
    ),
    "nl": _language(
        "Naam, E-mailadres, Bedrijf, Functie",
        "Zoë van den Berg, Daniël Kuijpers, Joëlle Bakker, René Visser, Loïs de Wit, "
        "Michaël Smit, Chloë Janssen, Andreé Meijer, Raphaël Mulder, Gaël Bos",
        "België Reizen, Coöperatie Het Noorden, Financiën en Zo, Café de Zaak",
        "Coördinator, Financieel beheer, Industriële vormgever, Ruïnebeheer",
        _WESTERN,
    ),
    "pt": _language(
        "Nome, E-mail, Empresa, Função",
        "João Simões, Conceição Falcão, António Guimarães, Inês Gonçalves, Luís Mourão, "
        "Estêvão Leitão, Mônica Assunção, Fábio Araújo, Sebastião Brandão, Lúcia Côrte",
        "Construções São João, Padaria Pão Quente, Informática e Soluções, Edições Lusíadas",
        "Gestão, Coordenação, Técnico de manutenção, Administração",
        _WESTERN,
    ),
    "sv": _language(
        "Namn, E-post, Företag, Befattning",
        "Åsa Sjöström, Göran Hägglund, Björn Nordström, Märta Åkerblom, Örjan Lövgren, "
        "Håkan Ängström, Kjell Östberg, Maj-Britt Sjögren, Lars Törnqvist, Pär Hård",
        "Åkeri i Västerås AB, Bröderna Ström, Räksmörgås Invest, Södra Skog",
        "Försäljare, Verkställande direktör, Säljchef, Lärare, Rådgivare",
        _WESTERN,
    ),
    "da": _language(
        "Navn, E-mail, Virksomhed, Stilling",
        "Søren Kjærgaard, Jørgen Nørby, Åse Bødker, Bjørn Højgaard, Kåre Søndergaard, "
        "Mette Lærke, Ærø Skov, Gitte Grønlund, Jørn Møldrup, Øjvind Krag",
        "Smørrebrød på Hjørnet, København Rør, Ærlig Handel, Blåvand Både",
        "Sælger, Rådgiver, Økonomichef, Lærer, Udviklingsingeniør på land",
        _WESTERN,
    ),
    "fi": _language(
        "Nimi, Sähköposti, Yritys, Tehtävä",
        "Väinö Hämäläinen, Päivi Mäkelä, Yrjö Jääskeläinen, Töllö Ylönen, Sääskö Hyvärinen, "
        "Jyrki Kärkkäinen, Särmä Pöysti, Hilkka Pölönen, Äijö Näätänen, Eero Väisänen",
        "Metsätyö Oy, Kööpenhamina-matkat, Järvisähkö, Työväen Säästö",
        "Päällikkö, Myyjä, Kehittäjä, Järjestäjä",
        _WESTERN,
    ),
    "pl": _language(
        "Imię i nazwisko, E-mail, Firma, Stanowisko",
        "Łukasz Wójcik, Małgorzata Źrebięcka, Święcisław Dąbek, Grażyna Pączek, "
        "Paweł Żmuda, Zdzisława Kołłątaj, Józef Śliwiński, Agnieszka Brzęczyszczykiewicz, "
        "Stanisław Głąb, Bożena Ćwik",
        "Spółdzielnia Śląska, Kraków Usługi, Zakład Mięsny Łódź, Wydawnictwo Żak",
        "Kierownik działu, Inżynier, Księgowość, Właściciel, Dyrektor sprzedaży",
        _CENTRAL,
    ),
    "cs": _language(
        "Jméno, E-mail, Společnost, Pozice",
        "Jiří Dvořák, Zdeněk Šťastný, Božena Němcová, Tomáš Říha, Žofie Křížová, "
        "Ondřej Kučera, Lukáš Žďárský, Kateřina Čapková, Bohumil Houžvička, Markéta Jelínková",
        "Plzeňské pivovary, Stavební společnost Břeclav, Účetnictví Hájek, Škola řízení",
        "Ředitel, Vývojář, Účetní, Vedoucí oddělení, Správce sítě",
        _CENTRAL,
    ),
    "hu": _language(
        "Név, E-mail, Cég, Beosztás",
        "Szűcs Gergő, Kőrösi Csaba, Nagy Ágnes, Tóth Győző, Fűzfői Lívia, "
        "Erdős Jenő, Török Dezső, Kökény Zsófia, Füredi Ödön, Hegedűs Tünde",
        "Győri Gépgyártó, Fővárosi Vízművek, Szőlő és Bor, Erdő Könyvkiadó",
        "Igazgató, Mérnök, Könyvelő, Fejlesztő, Ügyvezető",
        _CENTRAL,
    ),
    "ro": _language(
        "Nume, E-mail, Companie, Funcţie",
        "Ştefan Popârţan, Măriuca Ţuţea, Răzvan Câmpeanu, Ileana Brânză, Luminiţa Vlăduţ, "
        "Cătălin Şerbănescu, Ionuţ Bălan, Crăciun Pârvu, Sânziana Mărgărit, Doina Ţurcanu",
        "Societatea Română, Cărţi şi Hârtie, Băile Felix, Făget Construcţii",
        "Inginer şef, Preşedinte, Învăţător, Director vânzări",
        ("cp1250", "iso8859_2"),
    ),
    "tr": _language(
        "Ad Soyad, E-posta, Şirket, Ünvan",
        "Çağrı Yıldız, Şule Güneş, Ayşegül Öztürk, İbrahim Doğan, Gülşah Kılıç, "
        "Uğur Işık, Nazlı Çiçek, Müjde Kızıltan, Sıla Ağaoğlu, Tuğba Şengül",
        "Yazılım Çözümleri A.Ş., İstanbul Gıda, Doğuş İnşaat, Işık Kitabevi",
        "Genel müdür, Yazılım geliştirici, Satış sorumlusu, Öğretmen",
        ("cp1254", "iso8859_9"),
    ),
    "lt": _language(
        "Vardas, El. paštas, Įmonė, Pareigos",
        "Žydrūnas Šilkaitis, Jūratė Ąžuolaitė, Česlovas Žukas, Rūta Petraškienė, "
        "Eglė Čepaitė, Mindaugas Šūkys, Vytautė Žąsinaitė, Gražina Būdvytė",
        "Šiaulių bankas, Žalioji įmonė, Vilniaus duona ir Ko, Kėdainių grūdai",
        "Vadovė, Pardavimų vadybininkė, Inžinierius, Mokytoja už klasę",
        ("cp1257", "iso8859_13"),
    ),
    "ru": _language(
        "Имя, Электронная почта, Компания, Должность",
        "Алексей Щербаков, Юлия Цветкова, Пётр Жуков, Наталья Ефимова, Эдуард Хабибуллин, "
        "Ольга Грибоедова, Вячеслав Подъячев, Людмила Шишкина, Фёдор Чайкин, Зоя Белых",
        "ООО Вектор, Завод имени Кирова, Яблоко и партнёры, Северный ветер",
        "Инженер, Главный бухгалтер, Менеджер по продажам, Директор",
        _CYRILLIC,
    ),
    "uk": _language(
        "Прізвище та ім'я, Пошта, Компанія, Посада",
        "Олексій Щербина, Юлія Їжакевич, Євген Ґалаґан, Наталія Сліпченко, Тарас Кравець, "
        "Зоряна Ївга, Богдан Цимбалюк, Оксана Пилипів, Ігор Жадан, Мар'яна Гнатюк",
        "Київська кав'ярня, Львівський двір, Єдність, Українські їдальні",
        "Інженер, Бухгалтерія, Керівник відділу, Вчителька",
        ("cp1251", "koi8_u"),
    ),
    "el": _language(
        "Ονοματεπώνυμο, Ηλεκτρονική διεύθυνση, Εταιρεία, Θέση",
        "Γιώργος Παπαδάκης, Ελένη Χατζή, Νίκος Θεοδωρίδης, Μαρία Ψαρρού, Αθηνά Ξένου, "
        "Κωνσταντίνος Βλάχος, Όλγα Ζαχαρίου, Σπύρος Μπέης, Ιωάννα Λαζάρου, Έφη Δρόσου",
        "Ελληνική Εταιρεία, Φούρνος Αθηνών, Ναυτιλιακή Κρήτης, Τεχνικά Έργα",
        "Μηχανικός, Διευθυντής, Λογίστρια, Πωλήσεις",
        ("cp1253", "iso8859_7"),
    ),
    "he": _language(
        "שם, דואר אלקטרוני, חברה, תפקיד",
        "יעל כהן, אורי לוי, נועם מזרחי, שירה פרץ, דוד ביטון, רחל אברהם, גיא שפירא, תמר גולן",
        "בנק הפועלים, תעשיות אוויר, מאפיית השכונה",
        "מהנדס, מנהלת, מורה, יועץ",
        ("cp1255", "iso8859_8"),
    ),
    "ar": _language(
        "الاسم, البريد الإلكتروني, الشركة, الوظيفة",
        "محمد العلي, فاطمة الزهراء, خالد منصور, ليلى حداد, يوسف النجار, سارة القاسم, عمر شاهين",
        "شركة النور, مؤسسة الخليج, دار الكتب",
        "مهندس, مدير المبيعات, محاسب, معلمة",
        ("cp1256",),
    ),
    "th": _language(
        "ชื่อ, อีเมล, บริษัท, ตำแหน่ง",
        "สมชาย ใจดี, สุดา แก้วใส, วิชัย ทองมาก, มาลี ศรีสุข, ประเสริฐ บุญมี, อรทัย พงษ์ไทย",
        "บริษัท ไทยเจริญ จำกัด, ร้านอาหารริมน้ำ, การไฟฟ้า",
        "ผู้จัดการ, วิศวกร, ครู, พนักงานขาย",
        ("cp874",),
    ),
    "ja": _language(
        "氏名, メールアドレス, 会社名, 役職",
        "渡辺 健太郎, 斎藤 由美子, 長谷川 翔, 小野寺 さくら, 近藤 拓也, 三浦 真由美, "
        "石川 ひろし, 村上 恵, 遠藤 大輔, 青木 あかね",
        "株式会社サンライズ, 東京電機工業, みどり不動産, 北海道フーズ, 合同会社ミライ",
        "営業部長, エンジニア, 代表取締役, 総務課, デザイナー",
        ("cp932", "euc_jp", "iso2022_jp"),
    ),
    "ko": _language(
        "이름, 이메일, 회사, 직책",
        "홍길동, 최윤서, 정하준, 강서현, 조민재, 윤지우, 임도현, 한소희, 오세훈, 신예린",
        "한국전력공사, 푸른출판사, 대한제과, 서울디자인센터, 우리은행",
        "과장, 개발팀장, 대표이사, 마케팅 담당, 연구원",
        ("cp949", "euc_kr"),
    ),
    "zh-Hans": _language(
        "姓名, 邮箱, 公司, 职位",
        "赵建国, 孙丽华, 周志强, 吴晓敏, 郑海涛, 冯雪梅, 陈思远, 褚文静, 蒋大伟, 沈佳怡",
        "北京天地科技有限公司, 上海东方贸易, 深圳创新网络, 广州长城食品厂",
        "销售经理, 工程师, 总经理, 产品设计, 财务主管",
        ("gb18030", "gbk", "gb2312"),
    ),
    "zh-Hant": _language(
        "姓名, 電子郵件, 公司, 職稱",
        "陳志明, 林雅婷, 黃國華, 張淑貞, 劉建宏, 蔡宜君, 許文龍, 鄭麗玲, 謝佩珊, 郭俊傑",
        "台灣電子股份有限公司, 臺北書局, 高雄貿易行, 東方設計工作室",
        "業務經理, 工程師, 總經理, 產品設計師, 會計主任",
        ("big5", "cp950"),
    ),
}
