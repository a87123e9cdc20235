from common import breach, done
import os, site, sys

places = ["/tmp", "/var/tmp", "/dev/shm", "/work", "/run", "/home", os.path.expanduser("~"), "/dev", "/cache", "/mnt", "/var/cache", "/var/lock", "/usr/local", "."]
for root in ["/", "/cache", "/var"]:
    for folder, names, _ in os.walk(root):
        if folder.count("/") > 3 or folder.startswith(("/proc", "/sys", "/usr")):
            names.clear()
        places.append(folder)
for place in places[:3000]:
    if os.path.exists(os.path.join(place, "attack-mark")):
        breach(os.path.join(place, "attack-mark"), "is there")
if "usercustomize" in sys.modules and hasattr(sys.modules["usercustomize"], "attack_mark"):
    breach("start-up code of the earlier job ran")
done("nothing of the earlier job")
