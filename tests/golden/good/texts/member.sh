echo ${parameters.who} ${index} of ${key} ${format('%02d', index)} $${HOME}
