from .atlas import Atlas as Atlas
from .load import load_atlas as load_atlas
