from .cluster_inference import cluster_level_inference as cluster_level_inference
from .permute import permute as permute
from .thresholding import fdr_threshold as fdr_threshold
from .thresholding import threshold_stats_img as threshold_stats_img
