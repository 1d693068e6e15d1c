"""The commands, one file each: compose the rooms, print, return an exit code."""
