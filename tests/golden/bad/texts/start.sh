#!/bin/bash
# $${HOME} is the shell's own.
echo "hello ${parameters.whom}, ${HOME}" > $${HOME}/hello
export PASSWORD=${secrets.admn}
echo ${vms/web.principal} ${upper(parameters.who, 2)}
for name in "${names[@]}"; do echo ${name; done
