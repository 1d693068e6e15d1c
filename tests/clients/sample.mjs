// The sample, by the Node SDK: everything that the spec `msi-vm.yaml` does, then a list in pages, an error, and the end.
// Run in a folder with the SDK's packages; the cloud comes by environment variables. Prints one JSON object.
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";

const need = createRequire(`${process.cwd()}/x.js`);
const { ClientSecretCredential } = need("@azure/identity");
const { ResourceManagementClient } = need("@azure/arm-resources");
const { NetworkManagementClient } = need("@azure/arm-network");
const { ComputeManagementClient } = need("@azure/arm-compute");
const { ManagedServiceIdentityClient } = need("@azure/arm-msi");
const { AuthorizationManagementClient } = need("@azure/arm-authorization");

const { URL_OF_CLOUD: url, SUBSCRIPTION: subscription, TENANT: tenant } = process.env;
const credential = new ClientSecretCredential(tenant, "11111111-2222-4333-8444-555555555555", "any", {
  authorityHost: url,
  disableInstanceDiscovery: true,
});
const options = { endpoint: url, credentialScopes: [`${url}/.default`] };
const client = (Kind) => new Kind(credential, subscription, options);
const resources = client(ResourceManagementClient);
const network = client(NetworkManagementClient);
const compute = client(ComputeManagementClient);
const identities = client(ManagedServiceIdentityClient);
const roles = client(AuthorizationManagementClient);
const location = "westus2";
const group = "node";
const quick = { updateIntervalInMs: 50 };

const made = await resources.resourceGroups.createOrUpdate(group, { location });
const identity = await identities.userAssignedIdentities.createOrUpdate(group, "app", { location });
const subnets = [{ name: "front", addressPrefix: "10.0.0.0/24" }];
const addressSpace = { addressPrefixes: ["10.0.0.0/16"] };
const net = await network.virtualNetworks.beginCreateOrUpdateAndWait(group, "net", { location, addressSpace, subnets }, quick);
const publicIPAddress = await network.publicIPAddresses.beginCreateOrUpdateAndWait(
  group, "out", { location, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" }, quick);
const ipConfigurations = [{ name: "ip", subnet: { id: net.subnets[0].id }, publicIPAddress: { id: publicIPAddress.id } }];
const nic = await network.networkInterfaces.beginCreateOrUpdateAndWait(group, "nic", { location, ipConfigurations }, quick);
const vm = await compute.virtualMachines.beginCreateOrUpdateAndWait(group, "web", {
  location,
  identity: { type: "SystemAssigned, UserAssigned", userAssignedIdentities: { [identity.id]: {} } },
  hardwareProfile: { vmSize: "Standard_B1s" },
  storageProfile: {
    imageReference: {
      publisher: "Canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts-gen2", version: "latest",
    },
  },
  osProfile: { computerName: "web", adminUsername: "foo12", adminPassword: "Zebra-Stripe-9-Correct" },
  networkProfile: { networkInterfaces: [{ id: nic.id }] },
}, quick);
const extension = await compute.virtualMachineExtensions.beginCreateOrUpdateAndWait(group, "web", "setup", {
  location, publisher: "Microsoft.Azure.Extensions", typePropertiesType: "CustomScript", typeHandlerVersion: "2.1",
}, quick);

const found = [];
for await (const role of roles.roleDefinitions.list(made.id, { filter: "roleName eq 'Contributor'" })) found.push(role);
const grants = [];
let waited = 0;
const grant = async (principalId) => {
  // No principalType, as in the sample: the directory may not know a new principal yet.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      return await roles.roleAssignments.create(made.id, randomUUID(), { roleDefinitionId: found[0].id, principalId });
    } catch (error) {
      if (error.code !== "PrincipalNotFound") throw error;
      waited += 1;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  throw new Error(`${principalId} stays unknown`);
};
for (const principalId of [vm.identity.principalId, identity.principalId]) grants.push(await grant(principalId));

for (let number = 0; number < 5; number += 1) {
  await network.networkSecurityGroups.beginCreateOrUpdateAndWait(group, `doors-${number}`, { location }, quick);
}
const pages = [];
for await (const page of network.networkSecurityGroups.list(group).byPage()) pages.push(page.length);

let refused = "";
try {
  await network.subnets.beginDeleteAndWait(group, "net", "front", quick);
} catch (error) {
  refused = error.code;
}
const view = await compute.virtualMachines.instanceView(group, "web");
await resources.resourceGroups.beginDeleteAndWait(group, quick);
console.log(JSON.stringify({
  address: publicIPAddress.ipAddress,
  principal: vm.identity.principalId,
  user: vm.identity.userAssignedIdentities[identity.id].principalId === identity.principalId,
  extension: extension.provisioningState,
  grants: grants.length,
  waited,
  pages,
  refused,
  power: view.statuses.map((status) => status.code),
  left: (await resources.resourceGroups.checkExistence(group)).body,
}));
