"""`lifetimes` on the data of `./dev bench loyalty`, as its documentation uses it.

python lifetimes_peer.py DATA RESULT

DATA is an .npz with x, t_x, T and value, one customer a row; RESULT gets JSON: seconds
of fit and score, and the parameters found. It runs in an environment of its own.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
from lifetimes import GammaGammaFitter, ModifiedBetaGeoFitter

WEEKS, MONTHS, MONTHLY_RATE = 360 / 7, 12, 0.01


def main(data, result):
    table = pd.DataFrame(dict(np.load(data)))
    began = time.perf_counter()
    model = ModifiedBetaGeoFitter(penalizer_coef=0.0)
    model.fit(table.x, table.t_x, table["T"])
    again = table[table.x > 0]
    spend = GammaGammaFitter(penalizer_coef=0.0)
    spend.fit(again.x, again.value)
    fitted = time.perf_counter()
    pattern = (table.x, table.t_x, table["T"])
    model.conditional_probability_alive(*pattern)
    expected = model.predict(WEEKS, *pattern)
    spend.customer_lifetime_value(
        *(model, *pattern, table.value),
        time=MONTHS,
        discount_rate=MONTHLY_RATE,
        freq="W",
    )
    scored = time.perf_counter()
    found = {
        "fit_s": fitted - began,
        "score_s": scored - fitted,
        "params": [float(model.params_[name]) for name in ("r", "alpha", "a", "b")],
        "spend": [float(spend.params_[name]) for name in ("p", "q", "v")],
        "expected": float(np.sum(expected)),
    }
    with open(result, "w") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
