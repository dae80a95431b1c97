"""The page's parallel example with its supply on, and a scope that is set up to see it: the supply ramps, then the load
pulses, then neither does anything."""

import time

import numpy as np

from wheatstone.measurements import MeasurementSession


def main():
    with MeasurementSession(pace="real") as session:
        psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
        load = session.instrument("load", "keysight/EL33133A", simulate=True)
        scope = session.instrument("scope", "keysight/DSOX1204G", simulate=True)

        psu.channel(1).set(voltage=1.0, current_limit=5.0).on()
        load.set_mode("CC")
        load.set_load(0.1)
        load.enable_input(True)
        scope.channel(1).setup(scale=0.5, offset=2.0, probe_attenuation=1)
        scope.set_timebase_scale(0.04)  # 0.4 s on the screen
        phase = {"name": "ramp"}

        @session.task
        def stimulus(psu, load, stop_event):
            begin = time.monotonic()
            while not stop_event.is_set() and time.monotonic() - begin < 2.0:
                for volts in [*np.linspace(1.0, 3.0, 5), *np.linspace(3.0, 1.0, 5)]:
                    psu.channel(1).set_voltage(volts)
                    stop_event.wait(0.05)
            phase["name"] = "between"
            psu.channel(1).set_voltage(2.0)
            scope.channel(1).setup(scale=0.02, offset=1.98)
            stop_event.wait(0.5)
            phase["name"] = "load"
            begin = time.monotonic()
            while not stop_event.is_set() and time.monotonic() - begin < 2.0:
                load.set_load(2.0)
                stop_event.wait(0.1)
                load.set_load(0.1)
                stop_event.wait(0.1)
            phase["name"] = "between"
            stop_event.wait(0.5)
            phase["name"] = "quiet"

        @session.acquire
        def measure_ripple(scope):
            before = phase["name"]
            scope.trigger.single().force().wait(5.0)
            vpp = scope.measure_voltage_peak_to_peak(1)
            return {"phase": before if before == phase["name"] else "between", "vpp": vpp.values}

        experiment = session.run(duration=7.5, interval=0.5)
        print(experiment.data)


main()
