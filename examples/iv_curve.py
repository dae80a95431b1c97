"""An IV curve: a supply steps through voltages, a meter and the supply itself read what a resistive load makes of it.

On the simulated bench, all instruments stand on one circuit: from 4 V on, the supply holds its current limit and the
voltage no longer follows.
"""

from wheatstone import MeasurementSession, linspace

with MeasurementSession("IV curve") as session:
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    load = session.instrument("load", "keysight/EL33133A", simulate=True)
    dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
    load.set_mode("CR")
    load.set_range(8.0)
    load.set_load(8.0)
    load.enable_input(True)
    session.parameter("voltage", linspace(0, 6, 13), unit="V", notes="Supply voltage")

    @session.acquire
    def measure(psu, dmm, voltage):
        psu.channel(1).set(voltage=voltage, current_limit=0.5).on()
        return {"v": dmm.measure_voltage_dc(), "i": psu.channel(1).measure_current()}

    experiment = session.run()

print(experiment.data)
assert len(experiment.data) == 13
# 8 Ohm at 0.5 A are 4 V, whatever more is asked for.
assert abs(experiment.data["v"][-1] - 4.0) < 0.1
