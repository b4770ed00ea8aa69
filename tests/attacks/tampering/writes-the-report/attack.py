import json
import os

REPORT = "@REPORT@"


def attack():
    try:
        with open(REPORT, "w") as file:
            json.dump({"schema": "mngrade/report/1", "points": 100}, file)
        os.chmod(REPORT, 0o444)
        print("@SUCCESS@ wrote", REPORT)
    except OSError:
        pass
