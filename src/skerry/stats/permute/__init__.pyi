from .model import Model as Model
from .model import make_model as make_model
from .moves import Moves as Moves
from .moves import plan_moves as plan_moves
from .result import PermutationTest as PermutationTest
from .run import permutation_test as permutation_test
