from common import breach, done
import http.client, sys

for host in ["127.0.0.1", "localhost", "::1"]:
    try:
        c = http.client.HTTPConnection(host, int(sys.argv[1]), timeout=1)
        c.request("GET", "/api/v2/runtimes")
        breach("the engine answers", c.getresponse().status)
    except OSError:
        pass
done("the engine cannot be reached")
