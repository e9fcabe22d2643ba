from .atlases.anatomical import fetch_atlas_aal as fetch_atlas_aal
from .atlases.anatomical import fetch_atlas_destrieux_2009 as fetch_atlas_destrieux_2009
from .atlases.anatomical import fetch_atlas_pauli_2017 as fetch_atlas_pauli_2017
from .atlases.coordinates import fetch_coords_dosenbach_2010 as fetch_coords_dosenbach_2010
from .atlases.coordinates import fetch_coords_power_2011 as fetch_coords_power_2011
from .atlases.coordinates import fetch_coords_seitzman_2018 as fetch_coords_seitzman_2018
from .atlases.fsl import fetch_atlas_harvard_oxford as fetch_atlas_harvard_oxford
from .atlases.fsl import fetch_atlas_juelich as fetch_atlas_juelich
from .atlases.functional import fetch_atlas_basc_multiscale_2015 as fetch_atlas_basc_multiscale_2015
from .atlases.functional import fetch_atlas_craddock_2012 as fetch_atlas_craddock_2012
from .atlases.functional import fetch_atlas_schaefer_2018 as fetch_atlas_schaefer_2018
from .atlases.functional import fetch_atlas_yeo_2011 as fetch_atlas_yeo_2011
from .atlases.networks import fetch_atlas_allen_2011 as fetch_atlas_allen_2011
from .atlases.networks import fetch_atlas_difumo as fetch_atlas_difumo
from .atlases.networks import fetch_atlas_msdl as fetch_atlas_msdl
from .atlases.networks import fetch_atlas_smith_2009 as fetch_atlas_smith_2009
from .atlases.talairach import fetch_atlas_talairach as fetch_atlas_talairach
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
