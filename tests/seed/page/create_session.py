from pytestlab.measurements import MeasurementSession

def main():
    with MeasurementSession() as session:
        # Register instruments directly
        psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
        dmm = session.instrument("dmm", "keysight/34470A", simulate=True)

        # ... define parameters and measurements ...
        pass

main()
