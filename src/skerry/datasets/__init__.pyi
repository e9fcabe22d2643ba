from .neurovault import (
    fetch_neurovault as fetch_neurovault,
)
from .neurovault import (
    fetch_neurovault_auditory_computation_task as fetch_neurovault_auditory_computation_task,
)
from .neurovault import fetch_neurovault_ids as fetch_neurovault_ids
from .samples import load_sample_motor_activation_image as load_sample_motor_activation_image
from .templates import load_mni152_brain_mask as load_mni152_brain_mask
from .templates import load_mni152_template as load_mni152_template
