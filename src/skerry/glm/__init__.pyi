from .cluster_inference import cluster_level_inference as cluster_level_inference
from .thresholding import fdr_threshold as fdr_threshold
from .thresholding import threshold_stats_img as threshold_stats_img
