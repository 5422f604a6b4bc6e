"""Words around which names of people stand, and words that make a name something else."""

from __future__ import annotations

import re

from assistant.patterns import regex

RELATIVES = (
    "wife husband spouse partner daughter son mother father mom dad sister brother caregiver "
    "niece nephew grandson "
    "granddaughter grandmother grandfather aunt uncle cousin fiance fiancee neighbor friend "
    "aide guardian girlfriend "
    "boyfriend stepson stepdaughter mother-in-law father-in-law son-in-law daughter-in-law "
    "grandma grandpa roommate"
)
TITLE = regex(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|sr|sra|rev|fr|sister|nurse|coach|attorney|judge)\.?\s$", re.I
)
MAY_LABEL = regex(r"(?:[:=#-][ \t]*|\n[\s-]*|\b(?:is|named|called|by|am|[i'’]m)\s)$", re.I)
LABEL = regex(
    r"(?:\b(?:(?:patient|pt|client|resident|member|subscriber|insured|guarantor"
    r"|emergency\s?contact|next\sof\skin|nok|"
    r"caregiver|spouse|poa|guardian|referring(?:\s(?:provider|physician|md))?|physician"
    r"|provider|pcp|clinician|therapist|"
    r"supervis\w+|seen\sby|treated\sby|signed(?:\sby)?|electronically\ssigned\sby|dictated\sby"
    r"|author|contact|"
    r"surgeon|employer|mother|father|parent|child|student)(?:'s)?(?:\s(?:full\s)?name)?"
    r"|(?:full|last|first|legal|maiden|"
    r"preferred|nick)?\s?name[sd]?|re|from|to|cc|attn|subject|sincerely|regards|thanks"
    r"|thank\syou|best|cheers)"
    r"\s?(?:\([^)\n]{0,12}\)\s?)?[:=#-]+[ \t]*|\bname\sis\s|\bnamed\s|\bcalled\s|\bgoes\sby\s"
    r"|\bi\sam\s|\bi'm\s|\bthis\sis\s|\bmy\sname's\s|"
    r"(?:^|\n)(?:thanks|thank\syou|regards|best(?:\sregards)?|sincerely|cheers|warmly"
    r"|respectfully)[,.!]?\s*\n+\s*(?:--?\s*)?)$",
    re.I,
)  # fmt: skip
BEFORE = regex(
    r"(?:\b(?:work(?:ed|ing|s)?\swith|treat(?:ed|ing|s)?|saw|seeing|seen\swith|see|met\swith"
    r"|spoke\s(?:with|to)|talked\s(?:with|to)|"
    r"assist(?:ed|ing|s)?|help(?:ed|ing|s)?|instruct(?:ed|ing|s)?|educat(?:ed|ing|es)?|taught"
    r"|teach(?:ing)?|train(?:ed|ing)?|cue[ds]?|"
    r"cu(?:e|)ing|guard(?:ed|ing)?|coach(?:ed|ing)?|remind(?:ed|ing)?|ask(?:ed|ing)?|told|had"
    r"|let|got|gave|brought|show(?:ed|ing)?|"
    r"encourag(?:ed|ing)|walk(?:ed|ing)?\swith|co-?treat(?:ed|ing)?\s(?:with|for)?"
    r"|evaluat(?:ed|ing)|re-?evaluat(?:ed|ing)|discharg(?:ed|ing)|bill(?:ed|ing)?\sfor|"
    r"visit\s(?:with|for)|session\s(?:with|for)|eval\s(?:of|for|on)|note\s(?:for|on)"
    r"|claim\s(?:for|of)|minutes\s(?:with|for)|min\s(?:with|for)|"
    r"transfer(?:red|ring)|ambulat(?:ed|ing)|per|with|patient|pt|client|resident|kiddo|kid|child|"
    + "|".join(RELATIVES.split())
    + r")'?s?,?\s)$",
    re.I,
)
STRONG = regex(
    r"(?:\b(?:work(?:ed|ing)?\swith|treated|saw|spoke\s(?:with|to)|met\swith|my\s(?:patient|pt"
    r"|client)|the\spatient|" + "|".join(RELATIVES.split()) + r")(?:\s(?:is|named))?,?\s)$",
    re.I,
)
SURE_TITLE = regex(r"\b(?:Mr|Mrs|Ms|Miss|MR|MRS)\.?\s$")
PATIENT = regex(r"\b(?:patient|pt|client|resident)\s$")
KIN = regex(
    r"\b(?:" + "|".join(RELATIVES.split()) + r"|mr|mrs|ms|patient|pt|client|resident),?\s$", re.I
)
SEEN = regex(r"\b(?:treated|saw|worked\swith|seen|evaluated)\s$", re.I)
WHEN = regex(r"\s(?:today|yesterday|tonight|this\s(?:am|pm|morning|afternoon|week))\b", re.I)
AND = regex(r"\sand\s(?:her|his|their|the\spatient)\b", re.I)
JOINT = regex(r",\s(?:and\s)?|\s(?:and|&)\s|\s?/\s?")
AFTER = regex(
    r"(?:['’]s\s(?!(?:test|sign|scale|disease|syndrome|palsy|contracture|cyst|maneuver|splint)"
    r"\b)|\s(?:was"
    r"|is(?!\s(?:to|that|for|it|there)\b)"
    r"|did|has|had|tolerat\w+|complet\w+|perform(?:ed|s)|report(?:s|ed)|stat(?:es|ed)|said|says|"
    r"den(?:ies|ied)|demonstrat(?:es|ed)|requir(?:es|ed)|need(?:s|ed)|present(?:s|ed)"
    r"|arriv(?:es|ed)|continu(?:es|ed)|"
    r"walk(?:s|ed)|ambulat(?:es|ed)|practi[cs](?:es|ed)|respond(?:s|ed)|participat(?:es|ed)"
    r"|verbali[sz](?:es|ed)|"
    r"complain(?:s|ed)|c/o|came|comes|wants|lives|agre(?:es|ed)|attend(?:s|ed)|show(?:s|ed)"
    r"|receiv(?:es|ed)|work(?:s|ed)|"
    r"improv(?:es|ed)|express(?:es|ed)|struggl(?:es|ed)|used|uses|enjoy(?:s|ed)|feels|felt"
    r"|fatigued|ascended|descended|"
    r"lifted|climb(?:s|ed)|ask(?:s|ed)|watch(?:es|ed)|brought|pulled|pushed|threw|caught|wrote"
    r"|read|stood|sat|returned|recalled|named|repeated|swallowed|answered|followed|gets|got"
    r"|went|takes|took|will)\b)",
    re.I,
)
OWN_NAME = regex(
    r"[-\s](?:tests?|sign|scale|syndrome|disease|palsy|cyst|contracture|man(?:eu|oeu)ver"
    r"|technique|method|protocol|"
    r"exercises?|balance|advantage|health|insurance|plan|law|act|county|fracture|stretch|sheet"
    r"|board|lift|index|score|criteria|twist|flexion|press|squats?|curls?|strap|brace|tape"
    r"|collar|cognitive|hospital|clinic|university|grade|class(?:ification)?|view|angle|stage|type"
    r"|reflex|positive|negative|neg|pos|splint|blocks?|frame|chair|walker|repair|procedure|approach"
    r"|position|scoring|questionnaire|inventory|battery|assessment|cane|crutch(?:es)?|bath"
    r"|machine)\b|\s?[+]"
    r"|['’]s\s(?:tests?|sign|scale|syndrome|disease|palsy|cyst|contracture|tendon|neuroma"
    r"|fracture|dystrophy|ataxia|angle|classification|criteria|law"
    r"|phenomenon|tremor|maneuver|lymphoma|chorea|aphasia|procedure|splint)\b",
    re.I,
)
CREDENTIALS = regex(
    r",?\s(?:PT|DPT|PTA|OT|OTR|OTD|COTA|SLP|CCC|MD|DO|NP|PA-C|RN|LPN|MS|MA|DC|ATC|MSPT|MPT|CHT"
    r"|OCS)\b"
)
IDENTIFIED = regex(
    r",?\s?\(?(?:DOB|D\.O\.B|MRN|SSN|MBI|born\b|aged?\s\d|\d{1,3}\s?-?\s?(?:yo\b|y/o|year"
    r"|yrs?\b|[MF]\b)|\[(?:date of birth|record number))",
    re.I,
)
INITIALS = regex(
    r"(?i:\b(?:patient|pt|client|resident)(?:'?s)?(?:\sinitials?)?\s?[:=]?\s)"
    r"(?P<it>[A-Z]\.\s?(?:[A-Z]\.\s?){0,2}[A-Z]\.?)(?!\w)"
    r"|(?i:\binitials?\s?(?:are|is|:|=)?\s)(?!(?:PT|OT|ST|SLP|EVAL|IE)\b)(?P<plain>[A-Z]{2,3})\b"
    r"|(?:^|(?<=[\n,;:(\]] )|(?<=\n)|(?<=[.!?] ))(?!(?:P|O|S)\.\s?(?:T|L)\.|[MD]\.\s?[DO]\."
    r"|U\.\s?S\.|R\.\s?N\.)"
    r"(?P<who>[A-Z]\.\s?(?:[A-Z]\.\s?)?[A-Z]\.?),?\s(?=(?:is|was|has|did|had|reports?|states?"
    r"|tolerated|completed"
    r"|presents?|requires?|needs?|\d{1,3}\s?y|seen)\b|\(?\d{1,3}\s?(?:y|[MFmf]\b))",
)
LAST_INITIAL = regex(
    r"(?:^|(?<=\n)|(?<=[|,;]\s)|(?<=\bpt\s))(?P<it>[A-Z][\w'’-]{2,}, ?[A-Z](?:\.|(?=\s?(?:[-–"
    r"|:,;(\n]|\d|$))))"
)
EMPLOYER = regex(
    r"\b(?:emp\.?\s?[:=]|EMP\.?\s?[:=]|Emp(?:loyer)?\.?\s?[:=]|works?\s(?:at|for)"
    r"|worked\s(?:at|for)|employed\s(?:by|at)|employer\s?[:=]|job\sat"
    r"|retired\sfrom)\s(?:the\s)?"
    r"(?P<it>[A-Z][\w&'’-]*(?:\s(?:[A-Z][\w&'’-]*|of|and|&))*(?:\s(?:Inc|LLC|Co|Corp)\.?)?)"
)
PARTICLES = frozenset(
    [
        "da",
        "de",
        "del",
        "della",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "van",
        "von",
        "bin",
        "ibn",
        "al",
        "ter",
        "ten",
    ]
)
SHORT = frozenset(
    [
        "le",
        "li",
        "vo",
        "wu",
        "xu",
        "ng",
        "ho",
        "yu",
        "ma",
        "lu",
        "hu",
        "he",
        "su",
        "an",
        "do",
        "ha",
        "ko",
        "oh",
        "yi",
    ]
)  # as last names
_STAFF = "pt pta dpt ot ota otr cota slp spt spta sota lpta cpta atc manual"
STAFF = frozenset(_STAFF.split())  # in capitals what somebody is or did, and no name
NO_PERSON = frozenset(
    [
        "patient",
        "client",
        "resident",
        "caregiver",
        "family",
        "pt",
        "ot",
        "slp",
        "pta",
        "cota",
        "manual",
        "gait",
        "therapeutic",
        "balance",
        "neuro",
        "group",
        "self",
        "care",
        "medicare",
        "therapy",
        "exercise",
        "exercises",
        "training",
        "activities",
        "the",
        "a",
        "he",
        "she",
        "they",
        "minimal",
        "moderate",
        "for",
        "with",
        "and",
    ]
)
# Payment localities of Medicare of which a word could be a last name; no place of residence.
_LOCALITIES = (
    "manhattan queens detroit chicago philadelphia boston baltimore atlanta lauderdale miami "
    "beaumont brazoria galveston houston seattle portland orleans poughkeepsie anaheim fresno "
    "bakersfield sacramento stockton modesto redding riverside salinas vallejo napa oxnard"
)
LOCALITIES = frozenset(_LOCALITIES.split())
LOCALITY_BEFORE = regex(
    r"(?:\blocality\W{1,3}(?:is\s|of\s)?"
    r"|(?<!lives )(?<!living )(?<!resides )(?<!residing )(?<!born )"
    r"\b(?:in|near|around|downtown)\s(?:the\s)?(?:(?:downtown|metropolitan|suburban|fort|new)\s)?)$",
    re.I,
)
# First names that begin a question or an order.
BEGIN_SENTENCES = frozenset(
    ["will", "may", "bill", "mark", "can", "see", "do", "an", "in", "so", "my", "no"]
)
NO_COMPANY = BEGIN_SENTENCES | frozenset(
    ["april", "august", "patient", "client", "gait", "dr", "mr", "mrs", "ms"]
)
_TWO = (
    "in on at no he we by my is it or to of if up so as an do go me us pt ot pa dr mr ms rt lt hx "
    "tx dx rx sx fx hi ok re am pm vs id st"
)
TWO = frozenset(_TWO.split())  # words of two letters that are no name
# A name that is a word too, in front of what was billed for that person: «Hope: 97110 20 min».
HEADS = regex(r"(?:^|\n|[,;.]\s|\b(?:for|and|&)\s|[-*]\s)$", re.I)
CODED = regex(
    r"(?:\s[A-Z]\.?)?(?:\s?[:(,]|\s[-\u2013])?\s?"
    r"(?:\d{5}(?!\d)\W{1,3}(?:x\s?)?\d{1,3}(?!\d|\s?(?:units?|u\b|or\b|and\b))"
    r"|(?:TE|TA|NMR|MT|SC|GT|US)\W{1,2}(?:x\s?)?\d{1,3}\b)"
    r"|,?\sif\s(?:she|he)\sdid\b"
)
_NO_HEADS = (
    "walker page manual min miles angle max val medicare april may june august summer spring "
    "winter autumn alberta arizona carolina dakota dallas denver georgia houston indiana "
    "maryland montana "
    "nevada virginia tennessee washington asia china france kenya london milan paris delta alpha "
    "omega sun group star mercy temple mission heath junior page gait chair ball mat table"
)
NO_HEADS = BEGIN_SENTENCES | frozenset(_NO_HEADS.split())
DONE = regex(r"[a-z]{3,}ed\b")
MOST = 5  # words of one name
