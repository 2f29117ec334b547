"""pytest plugin: collects pgTAP files."""
