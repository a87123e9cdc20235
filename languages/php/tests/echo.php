<?php
while (($line = fgets(STDIN)) !== false) {
    echo "you said: $line";
}
