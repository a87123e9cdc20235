while :; do sleep 100; done
