import time
import numpy as np
from pytestlab import Bench
from pytestlab.measurements import MeasurementSession

def main():
    with Bench.open("bench_parallel.yaml") as bench:
        with MeasurementSession(bench=bench) as session:
            # Background task: PSU voltage ramp
            @session.task
            def psu_ramp(psu, stop_event):
                while not stop_event.is_set():
                    for v in np.linspace(1.0, 5.0, 10):
                        if stop_event.is_set():
                            break
                        psu.channel(1).set_voltage(v)
                        time.sleep(0.2)
                    for v in np.linspace(5.0, 1.0, 10):
                        if stop_event.is_set():
                            break
                        psu.channel(1).set_voltage(v)
                        time.sleep(0.2)

            # Background task: Pulsed load
            @session.task
            def load_pulse(load, stop_event):
                load.set_mode("CC")
                load.enable_input(True)
                try:
                    while not stop_event.is_set():
                        load.set_load(1.0)
                        time.sleep(0.5)
                        if stop_event.is_set():
                            break
                        load.set_load(0.1)
                        time.sleep(0.5)
                finally:
                    load.enable_input(False)

            # Acquisition: Oscilloscope measurement
            @session.acquire
            def measure_ripple(scope):
                scope._send_command(":SINGle")
                time.sleep(0.05)
                vpp = scope.measure_voltage_peak_to_peak(1)
                return {"vpp_ripple": vpp.values}

            # Run for 5 seconds, acquire every 250 ms
            # Background tasks start automatically and stop when duration expires
            experiment = session.run(duration=5.0, interval=0.25)
            print(experiment.data)

main()
