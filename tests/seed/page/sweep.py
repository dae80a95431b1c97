from pytestlab.measurements import MeasurementSession

def main():
    with MeasurementSession() as session:
        psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
        dmm = session.instrument("dmm", "keysight/34470A", simulate=True)

        session.parameter("voltage", [1.0, 2.0, 3.0])
        session.parameter("current", [0.1, 0.5, 1.0])

        @session.acquire
        def measure(psu, dmm, voltage, current):
            psu.channel(1).set(voltage=voltage, current_limit=current).on()
            result = dmm.measure_voltage_dc()
            return {"v_measured": result.values}

        experiment = session.run()
        print(experiment.data)

main()
