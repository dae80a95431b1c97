import time
from pytestlab.measurements import MeasurementSession

def main():
    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
        scope = session.instrument("scope", "keysight/DSOX1204G", simulate=True)

        @session.task
        def psu_ramp(psu, stop_event):
            """Background task that ramps PSU voltage while acquisition runs."""
            while not stop_event.is_set():
                for v in [1.0, 2.0, 3.0]:
                    if stop_event.is_set():
                        break
                    psu.channel(1).set_voltage(v)
                    time.sleep(0.5)

        @session.acquire
        def measure(scope):
            scope._send_command(":SINGle")
            time.sleep(0.05)
            result = scope.read_channels(1)
            return {"vpp": result.values}

        experiment = session.run(duration=10.0, interval=0.2)
        print(experiment.data)

main()
