<?php
throw new RuntimeException("on purpose");
