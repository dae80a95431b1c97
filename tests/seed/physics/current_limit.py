"""A load that draws 1.0 A from a supply limited to 0.5 A."""

import time

from wheatstone.measurements import MeasurementSession


def main():
    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
        load = session.instrument("load", "keysight/EL33133A", simulate=True)
        session.instrument("dmm", "keysight/34470A", simulate=True)

        psu.channel(1).set(voltage=3.0, current_limit=0.5).on()
        load.set_mode("CC")
        load.enable_input(True)

        @session.task
        def load_pulse(load, stop_event):
            while not stop_event.is_set():
                load.set_load(1.0)
                stop_event.wait(0.4)
                load.set_load(0.2)
                stop_event.wait(0.4)

        @session.acquire
        def measure(psu, load, dmm):
            drawn = load.load_setpoint()
            time.sleep(0.05)
            volts, amperes = dmm.measure_voltage_dc(), psu.channel(1).measure_current()
            # Bits of the output's status: 0 means that it does not hold its voltage, 1 that it does not its current.
            status = int(float(psu.query("STAT:QUES:INST:ISUM1:COND?")))
            steady = load.load_setpoint() == drawn
            return {"drawn": drawn, "volts": volts, "amperes": amperes, "status": status, "steady": steady}

        experiment = session.run(duration=4.0, interval=0.2)
        print(experiment.data)


main()
