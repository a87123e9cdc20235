. ./common.sh
done_with "the input was of no interest"
