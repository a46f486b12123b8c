"""Learning rates by step: rate(settings, step, epoch, losses), all counted from 0; losses: one for each epoch that ended."""

COSINE = [1.0, -4.934802200544679, 4.0587121264167685, -1.3352627688545895, 0.2353306303588932, -0.02580689139001406,
          0.0019295743094039231, -0.0001046381049248457, 4.303069587032947e-06, -1.3878952462213771e-07,
          3.604730797462501e-09, -7.700707130601354e-11, 1.3768647280377414e-12]
"""(-1)^k pi^(2k) / (2k)!: the Taylor coefficients of cos(pi * u) in u^2."""


def half_cosine(share):
    """(1 + cos(pi * share)) / 2 for a share from 0 to 1.

    By a Taylor polynomial, so that the bits are those of any language: the C library's cosine is another one than
    Java's.
    """
    u = share if share <= 0.5 else 1 - share
    square, cosine = u * u, 0.0
    for coefficient in reversed(COSINE):
        cosine = cosine * square + coefficient
    return 0.5 + 0.5 * (cosine if share <= 0.5 else -cosine)


def constant(s, step, epoch, losses):
    return s["rate"]


def exponential(s, step, epoch, losses):
    """cs231n's lr_decay: multiplied by decay after every epoch."""
    rate = s["rate"]
    for _ in range(epoch):
        rate *= s["decay"]
    return rate


def steps(s, step, epoch, losses):
    """Multiplied by factor after every so many epochs."""
    rate = s["rate"]
    for _ in range(epoch // s["every"]):
        rate *= s["factor"]
    return rate


def cosine(s, step, epoch, losses):
    """Up in a line over the warm-up, then down on a cosine to final over the rest of the steps."""
    if step < s["warmup"]:
        return s["rate"] * (step + 1) / s["warmup"]
    share = min(1.0, (step - s["warmup"]) / (s["steps"] - s["warmup"]))
    return s["final"] + (s["rate"] - s["final"]) * half_cosine(share)


def plateau(s, step, epoch, losses):
    """Multiplied by factor whenever the loss of patience epochs in a row was not below the best before."""
    rate, best, waited = s["rate"], float("inf"), 0
    for loss in losses:
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
            if waited == s["patience"]:
                rate, waited = max(rate * s["factor"], s["minimum"]), 0
    return rate


# The one list of their types: of each its rate, and settings that are tried. To add a type, add an entry and run replays.py,
# which trains with each schedule that no optimizer's run has.
SCHEDULES = {
    "constant": {"rate": constant, "sample": {"rate": 0.1}},
    "exponential": {"rate": exponential, "sample": {"rate": 0.1, "decay": 0.9}},
    "step": {"rate": steps, "sample": {"rate": 0.1, "factor": 0.5, "every": 3}},
    "cosine": {"rate": cosine, "sample": {"rate": 0.1, "warmup": 10, "steps": 30, "final": 0.01}},
    "plateau": {"rate": plateau, "sample": {"rate": 0.1, "factor": 0.5, "patience": 2, "minimum": 0.01}},
}
