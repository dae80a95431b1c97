"""Three things at once: a task switches a load between two currents, another moves the supply's voltage, and a scope
measures the ripple that both make on the same node.
"""

from wheatstone import MeasurementSession

with MeasurementSession("Ripple under load") as session:
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    load = session.instrument("load", "keysight/EL33133A", simulate=True)
    scope = session.instrument("scope", "keysight/DSOX1204G", simulate=True)
    psu.channel(1).set(voltage=5.0, current_limit=2.0).on()
    load.set_mode("CC")
    load.enable_input(True)
    scope.set_timebase_scale(20e-3)
    scope.set_channel_scale(1, 1.0)

    @session.task
    def supply_ramp(psu, stop_event):
        step = 0
        while not stop_event.wait(0.03):
            psu.channel(1).set_voltage(4.0 if step % 2 == 0 else 5.0)
            step += 1

    @session.task
    def load_steps(load, stop_event):
        step = 0
        while not stop_event.wait(0.07):
            load.set_load(1.0 if step % 2 == 0 else 0.1)
            step += 1

    @session.acquire
    def ripple(scope):
        scope.trigger.single()
        scope.trigger.wait(1.0)
        return {"vpp": scope.measure_voltage_peak_to_peak(1), "mean": scope.measure_mean(1)}

    experiment = session.run(duration=2.0, interval=0.25)

print(experiment.data)
# The supply moves by 1 V several times within each record of 200 ms.
assert experiment.data["vpp"].max() > 0.8
