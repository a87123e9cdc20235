#!/bin/sh
# gtm.sh FOLDER ROUTINE: runs the routine of the folder of the program, or of FOLDER, which holds this file. GT.M ends with 0
# after an error that nothing handles; here it ends with 1.
gtm_dist=$(echo /usr/lib/*/fis-gtm/V*_*)
objects=$(mktemp -d) || exit 2
export gtm_dist gtmroutines="$objects(. $1) $gtm_dist" gtm_tmp=/tmp gtm_chset=M
export gtm_etrap='write !,$piece($zstatus,",",2,9),! zhalt 1'
exec "$gtm_dist/mumps" -run "$2"
