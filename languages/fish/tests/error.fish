nowhere_to_be_found
exit $status
