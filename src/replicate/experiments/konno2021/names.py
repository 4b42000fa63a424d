"""Names that the experiments of Konno et al. 2021, their figures and their pages share."""

DEEP = "periodic-resnet"
FRACTIONS = "periodic-resnet-fractions"
LOGARITHM = "periodic-resnet-log"
SHALLOW = "shallow"
FOREST = "forest"
TREES = "extra-trees-fractions"

COD_2007, COD_2009 = "konno-cod-2007", "konno-cod-2009"
HOSONO = "konno-hosono-2009"
CANDIDATES = "konno-candidates"
