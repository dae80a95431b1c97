"""An instrument that does not always answer: samples, further attempts, and points that are kept without a result."""

from wheatstone import MeasurementSession


class Scanner:
    """Stands for a driver of somebody else's. Every fourth question is lost; beyond 3 V there is no answer at all."""

    questions = 0

    def read(self, voltage):
        self.questions += 1
        if self.questions % 4 == 0 or voltage > 3:
            raise TimeoutError(f"no answer to question {self.questions}")
        return voltage / 50


with MeasurementSession("Unsteady link", pace="virtual") as session:
    session.attach("scanner", Scanner())
    session.parameter("voltage", [1.0, 2.0, 3.0, 4.0], unit="V")

    # Up to two further attempts after a time-out, 0.1 s and 0.2 s later; then the point is kept without a result.
    @session.acquire(samples=3, retries=2, backoff=0.1, retry_on=TimeoutError, on_error="skip")
    def measure(scanner, voltage):
        return {"current": scanner.read(voltage)}

    @session.derive(unit="Ohm")
    def resistance(voltage, current):
        return voltage / current

    experiment = session.run()

print(experiment.data)
for event in experiment.events:
    if event["event"] == "retry":
        print(f"point {event['index']}, attempt {event['attempt']} failed: {event['error']}")
assert experiment.data["resistance"].round(6).to_list() == [50.0, 50.0, 50.0, None]
