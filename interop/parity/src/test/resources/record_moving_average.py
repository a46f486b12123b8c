import numpy as np
from allclose_record import recorder

x = np.random.RandomState(231).randn(50)
with recorder("moving_average", "src/test/resources/cases") as r:
    r.input(x=x)
    r.expect(y=np.convolve(x, np.ones(3), mode="valid") / 3, match={"ulps": 1})
