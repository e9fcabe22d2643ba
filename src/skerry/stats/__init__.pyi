from . import ari as ari
from . import convert as convert
from . import correct as correct
from . import of_kind as of_kind
from . import random_field as random_field
from . import random_field_spm as random_field_spm
from . import smoothness as smoothness
from . import tfce as tfce
