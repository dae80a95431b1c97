"""A timed run with a task beside it: the supply ramps on its own thread while a meter is read every 50 ms."""

from wheatstone import MeasurementSession

with MeasurementSession("Ramp") as session:
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
    psu.channel(1).set(voltage=0.0, current_limit=0.5).on()

    @session.task
    def ramp(psu, stop_event):
        step = 0
        while not stop_event.wait(0.05):
            phase = step % 20
            psu.channel(1).set_voltage(0.5 * min(phase, 20 - phase))
            step += 1

    @session.acquire
    def measure(dmm):
        return {"v": dmm.measure_voltage_dc()}

    experiment = session.run(duration=2.0, interval=0.05)

print(experiment.data)
print(experiment.timing)
assert experiment.data["v"].max() > 4.0
assert experiment.data["v"].min() < 1.0
