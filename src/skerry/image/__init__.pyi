from .threshold import threshold_img as threshold_img
