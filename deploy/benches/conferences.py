"""Conferences: wishes granted for a school that is made up, at the moment at which they close."""
import json
import resource
import subprocess

from rig.school import program


def run(arguments):
    for seed in range(1, arguments.runs + 1):
        command = [program(), "conferences", "rehearse", "--json", "--seed", str(seed), "--families", str(arguments.families),
                   "--children", str(arguments.children), "--teachers", str(arguments.teachers)]
        found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"seed {seed}: {arguments.families} families, {arguments.children} children, {arguments.teachers} teachers in {found['seconds']:.2f} s: "
              f"{found['placed']} of {found['conversations']} placed, {found['several']} families with several wait {found['gapMinutes']} minutes "
              f"all together, {found['firstWishes']} of {found['wished']} have their first wish; {memory} MB")
