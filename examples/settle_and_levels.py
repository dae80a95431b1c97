"""A sweep of two levels: an oven that is waited for until it is at rest, and voltages at each of its temperatures."""

from wheatstone import MeasurementSession, stable


class Oven:
    """Stands for a driver of somebody else's. Comes a fifth closer to its set-point at each reading."""

    def __init__(self):
        self.setpoint = self.temperature = 295.0

    def read(self):
        self.temperature += (self.setpoint - self.temperature) / 5
        return self.temperature


with MeasurementSession("Two levels", pace="virtual") as session:
    oven = session.attach("oven", Oven())
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    dmm = session.instrument("dmm", "keysight/34470A", simulate=True)

    def temperature_now(oven):
        return oven.read()

    # At rest is what stays within 0.5 K for 5 s; after ten minutes the run gives up.
    at_rest = stable(0.5, "K", over=5, limit=600, reading=temperature_now)
    session.parameter("temperature", [300.0, 350.0], unit="K", settle=at_rest)
    session.parameter("voltage", [1.0, 2.0, 3.0], unit="V", settle=0.01)

    @session.before("temperature")
    def heat(oven, temperature):
        oven.setpoint = temperature

    @session.after
    def cool(oven):
        oven.setpoint = 295.0

    @session.baseline
    def offset(psu, dmm):
        psu.channel(1).set(voltage=0.0, current_limit=0.5).on()
        return {"v_offset": dmm.measure_voltage_dc()}

    @session.acquire
    def measure(psu, dmm, oven, voltage):
        psu.channel(1).set_voltage(voltage)
        return {"v": dmm.measure_voltage_dc(), "t": oven.read()}

    @session.derive(unit="V")
    def error(v, voltage):
        return v - voltage

    experiment = session.run()

print(experiment.data)
print(experiment.baseline)
assert all(abs(row["t"] - row["temperature"]) < 1 for row in experiment)
assert experiment.baseline["when"].to_list() == ["start", "end"]
assert oven.setpoint == 295.0
