from .fetchers import fetch_image as fetch_image
from .fetchers import fetch_neurovault as fetch_neurovault
from .fetchers import (
    fetch_neurovault_auditory_computation_task as fetch_neurovault_auditory_computation_task,
)
from .fetchers import fetch_neurovault_ids as fetch_neurovault_ids
from .filters import ResultFilter as ResultFilter
from .filters import basic_collection_terms as basic_collection_terms
from .filters import basic_image_terms as basic_image_terms
from .resampled import STD_AFFINE as STD_AFFINE
from .shelf import FetchedImage as FetchedImage
from .terms import Contains as Contains
from .terms import GreaterOrEqual as GreaterOrEqual
from .terms import GreaterThan as GreaterThan
from .terms import IsIn as IsIn
from .terms import IsNull as IsNull
from .terms import LessOrEqual as LessOrEqual
from .terms import LessThan as LessThan
from .terms import NotContains as NotContains
from .terms import NotEqual as NotEqual
from .terms import NotIn as NotIn
from .terms import NotNull as NotNull
from .terms import Pattern as Pattern
from .words import neurosynth_words_vectorized as neurosynth_words_vectorized
