from pytestlab import Bench
from pytestlab.measurements import MeasurementSession

def main():
    with Bench.open("bench.yaml") as bench:
        with MeasurementSession(bench=bench) as session:
            # ... define parameters and measurements ...
            pass

main()
