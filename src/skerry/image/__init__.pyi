from .niimg import check_niimg as check_niimg
from .niimg import new_img_like as new_img_like
from .smooth import smooth_img as smooth_img
from .threshold import threshold_img as threshold_img
