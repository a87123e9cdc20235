from common import done
import os, site

places = ["/tmp", "/var/tmp", "/dev/shm", "/work", "/run", "/home", os.path.expanduser("~"), "/dev", "/cache", "/mnt", "/var/cache", "/var/lock", "/usr/local", "."]
for root in ["/", "/cache", "/var"]:
    for folder, names, _ in os.walk(root):
        if folder.count("/") > 3 or folder.startswith(("/proc", "/sys", "/usr")):
            names.clear()
        places.append(folder)
left = 0
for place in places[:3000]:
    try:
        open(os.path.join(place, "attack-mark"), "w").write("planted")
        left += 1
    except OSError:
        pass
for name, text in [("~/.bashrc", "touch /tmp/attack-mark"), ("~/.pythonrc.py", "#attack-mark"), ("~/.profile", "#attack-mark"),
                   (site.getusersitepackages() + "/usercustomize.py", "attack_mark = 1"), ("~/.gitconfig", "#attack-mark")]:
    name = os.path.expanduser(name)
    if os.environ.get("HOME", "/") in ("/", "/root"):
        break
    try:
        os.makedirs(os.path.dirname(name), exist_ok=True)
        open(name, "a").write(text)
    except OSError:
        pass
done(f"left {left} files")
