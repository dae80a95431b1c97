"""A diode's curve by an adaptive order: a preview of the plain sweep first, then few points where the curve is flat."""

import math

from wheatstone import MeasurementSession, linspace, refine

with MeasurementSession("diode") as session:
    session.parameter("voltage", linspace(0, 0.8, 9, unit="V"))

    @session.acquire
    def measure(voltage: float) -> dict[str, float]:
        return {"current": 1e-9 * math.expm1(voltage / 0.0446)}

    preview = session.preview(order="up_down", seconds_per_point=0.1)
    experiment = session.run(order=refine("voltage", of="current", between=(0, 0.8), points=30))

print(experiment.data.sort("voltage"))
assert preview.points == 17
assert experiment.data.height == 30
assert (experiment.data["voltage"] > 0.6).sum() > 15
