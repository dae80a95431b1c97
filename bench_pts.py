import time, wheatstone
from wheatstone import MeasurementSession
N=300_000
with MeasurementSession("bench") as s:
    s.parameter("a", range(N//100)); s.parameter("b", [float(i) for i in range(100)])
    s.parameter("c",[1.0]); s.parameter("d",[2.0])
    @s.acquire
    def m(a,b,c,d): return {"x": a*b+c, "y": b+d}
    t=time.perf_counter(); e=s.run(); dt=time.perf_counter()-t
    print(len(e), dt/N*1e6, "us/point")
