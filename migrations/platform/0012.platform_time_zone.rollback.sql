drop domain platform.time_zone;
